// The third step of a convolution by include/winograd.glsl: m[z] = v[z] u[z] for every matrix z, tiles by input channels by outputs.
//
// u in [matrix][o / tile_outputs][i][o % tile_outputs] order; m in [matrix][tile][o] order, rows columns apart, a multiple of tile_outputs.
// A workgroup's sums are one block of tile_pixels tiles by tile_vectors vectors of outputs, lanes along the outputs. Of v lanes load two
// neighbouring elements each, and the subgroup passes them round: with `runs` v is in [matrix][i / run_length][tile][i % run_length] order,
// and they are input channels of one tile; otherwise in [matrix][block][i][tile in block] order, and they are tiles of one i.
// In a filter gradient the channels of x stand for the tiles, and the tiles, a chunk after another with `accumulate`, for the input channels.
// `segment` channels at a time are summed and then added to m, so that rounding errors of long sums stay small.
// Four vectors of sums are one variable, in main itself: drivers without a cache of their intermediate code make this text anew at each
// start, in two thirds of the time that scalars and functions of arrays take them.
// Workgroup: exactly one whole subgroup; workgroups stride over blocks in x, over vectors in y, over matrices in z. tile_pixels is even,
// tile_vectors a multiple of 4.
#version 460
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require
#define WIDE
#include "tensor.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint tile_pixels = 16;
layout(constant_id = 2) const uint tile_vectors = 8;
// Whether the products are added to what is in m.
layout(constant_id = 3) const bool accumulate = false;
layout(constant_id = 4) const bool runs = false;
// Whether channels are a multiple of a run's.
layout(constant_id = 5) const bool whole = false;
layout(push_constant, scalar) uniform Push {
    Const v;
    Const u;
    Tensor m;
    uint matrices, tiles, channels, columns, segment;
};

const uint lanes = gl_WorkGroupSize.x;
#include "pairs.glsl"

// m as what one invocation writes and reads again.
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer Sums { uint64_t at[]; };

const uint groups = tile_vectors / 4;
const uint tile_outputs = tile_vectors * lanes;
const uint loads = (tile_pixels + lanes * per_load - 1) / (lanes * per_load);
// Channels that are added to one sum after another: sums are too many for the registers, and each is loaded and stored but once. Of more the code no longer fits the processor's cache of it.
const uint unrolled = 4;
// Input channels that the lanes load of one tile.
const uint run_length = lanes * per_load;
const uint unrolled_run = run_length < unrolled ? run_length : unrolled;

// The column of this lane's pair of vectors in a tile of outputs.
uint column(uint pair) {
    return (pair * lanes + gl_SubgroupInvocationID) * per_load;
}

vec4 loadWeights(uint from, uint group) { return vec4(LOAD(u, from + column(group * 2)), LOAD(u, from + column(group * 2 + 1))); }

vec2 loadSums(uint from) { return uintBitsToFloat(unpack32(Sums(uvec2(m)).at[from / per_load])); }

void store(uint to, vec2 result) { Sums(uvec2(m)).at[to / per_load] = pack64(floatBitsToUint(result)); }

// Adds `count` channels to the sums: channel k of tile t is what PASS(t, k) passes round.
#define MULTIPLY(count, weights, PASS) \
    { \
        vec4 weight[count][groups]; \
        [[unroll]] for (uint k = 0; k < count; ++k) \
            [[unroll]] for (uint g = 0; g < groups; ++g) weight[k][g] = loadWeights((weights) + k * tile_outputs, g); \
        [[unroll]] for (uint t = 0; t < tile_pixels; ++t) { \
            float one[count]; \
            [[unroll]] for (uint k = 0; k < count; ++k) one[k] = PASS(t, k); \
            [[unroll]] for (uint g = 0; g < groups; ++g) { \
                vec4 add = sum[t][g]; \
                [[unroll]] for (uint k = 0; k < count; ++k) add = fma(vec4(one[k]), weight[k][g], add); \
                sum[t][g] = add; \
            } \
        } \
    }

// What the lanes hold of channel k: tiles, from both ends of a row.
#define LOAD_BLOCK(count) \
    vec2 value[count][loads]; \
    [[unroll]] for (uint k = 0; k < count; ++k) \
        [[unroll]] for (uint l = 0; l < loads; ++l) \
            value[k][l] = LOAD(v, from + k * tile_pixels + min((l * lanes + gl_SubgroupInvocationID) * per_load, tile_pixels - per_load));
#define PASS_BLOCK(t, k) subgroupShuffle(value[k][(t) / per_load / lanes][(t) % per_load], (t) / per_load % lanes)
#define PASS_RUN(t, k) subgroupShuffle(value[t][(k) % per_load], lane + (k) / per_load)

void main() {
    uint blocks = (tiles + tile_pixels - 1) / tile_pixels;
    for (uint z = gl_WorkGroupID.z; z < matrices; z += gl_NumWorkGroups.z) {
        for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < columns; tile += gl_NumWorkGroups.y * tile_outputs) {
            for (uint block = gl_WorkGroupID.x; block < blocks; block += gl_NumWorkGroups.x) {
                uint weights = (z * columns + tile) * channels, firstTile = block * tile_pixels;
                for (uint first = 0; first < channels; first += segment) {
                    uint end = min(first + segment, channels), i = first;
                    vec4 sum[tile_pixels][groups];
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                        [[unroll]] for (uint g = 0; g < groups; ++g) sum[t][g] = vec4(0);
                    if (runs) {
                        uint last = min(tile_pixels, tiles - firstTile) - 1;
                        uint from = ((z * ((channels + run_length - 1) / run_length) + i / run_length) * tiles + firstTile) * run_length + gl_SubgroupInvocationID * per_load;
                        for (; i < end; i += run_length) {
                            vec2 value[tile_pixels];
                            // Tiles behind the last repeat it; their sums are not stored.
                            [[unroll]] for (uint t = 0; t < tile_pixels; ++t) value[t] = LOAD(v, from + min(t, last) * run_length);
                            // A loop of a constant length, and a condition even where it always holds: a software driver is slower on others, and without.
                            if (i + run_length <= end) {
                                for (uint lane = 0; lane < lanes; lane += unrolled_run / per_load)
                                    MULTIPLY(unrolled_run, weights + (i + lane * per_load) * tile_outputs, PASS_RUN)
                            } else if (!whole) {
                                for (uint lane = 0; i + lane * per_load < end; ++lane)
                                    MULTIPLY(per_load, weights + (i + lane * per_load) * tile_outputs, PASS_RUN)
                            }
                            from += tiles * run_length;
                        }
                    } else {
                        uint from = ((z * blocks + block) * channels + i) * tile_pixels;
                        for (; i + unrolled <= end; i += unrolled) {
                            LOAD_BLOCK(unrolled)
                            MULTIPLY(unrolled, weights + i * tile_outputs, PASS_BLOCK)
                            from += unrolled * tile_pixels;
                        }
                        for (; i < end; ++i) {
                            LOAD_BLOCK(1)
                            MULTIPLY(1, weights + i * tile_outputs, PASS_BLOCK)
                            from += tile_pixels;
                        }
                    }
                    // In runs tiles behind the last repeat it, so they are stored without a branch: all loads are before all stores.
                    uint to[tile_pixels];
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                        to[t] = (z * tiles + min(firstTile + t, tiles - 1)) * columns + tile;
                        [[unroll]] for (uint g = 0; g < groups; ++g) sum[t][g] *= unknownOne(channels);
                    }
                    if (accumulate || first > 0)
                        [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                            [[unroll]] for (uint g = 0; g < groups; ++g) sum[t][g] += vec4(loadSums(to[t] + column(g * 2)), loadSums(to[t] + column(g * 2 + 1)));
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                        if (runs || firstTile + t < tiles)
                            [[unroll]] for (uint g = 0; g < groups; ++g) {
                                store(to[t] + column(g * 2), sum[t][g].xy);
                                store(to[t] + column(g * 2 + 1), sum[t][g].zw);
                            }
                }
            }
        }
    }
}

// The third step of a convolution by include/winograd.glsl: m[z] = v[z] u[z] for every matrix z, tiles by input channels by outputs.
//
// u in [matrix][o / tile_outputs][i][o % tile_outputs] order; m in [matrix][tile][o] order, rows columns apart, a multiple of tile_outputs.
// A workgroup's sums are one block of tile_pixels tiles by tile_vectors vectors of outputs, lanes along the outputs. Of v lanes load two
// neighbouring elements each, and the subgroup passes them round: with `runs` v is in [matrix][i / run_length][tile][i % run_length] order,
// and they are input channels of one tile; otherwise in [matrix][block][i][tile in block] order, and they are tiles of one i.
// In a filter gradient the channels of x stand for the tiles, and the tiles, a chunk after another with `accumulate`, for the input channels.
// `segment` channels at a time are summed and then added to m, so that rounding errors of long sums stay small.
// Workgroup: exactly one whole subgroup; workgroups stride over blocks in x, over vectors in y, over matrices in z. tile_pixels and
// tile_vectors are even.
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

const uint tile_outputs = tile_vectors * lanes;
const uint loads = (tile_pixels + lanes * per_load - 1) / (lanes * per_load);
// Channels that are added to one sum after another: sums are too many for the registers, and each is loaded and stored but once. Of more the code no longer fits the processor's cache of it.
const uint unrolled = 4;
// Input channels that the lanes load of one tile.
const uint run_length = lanes * per_load;
const uint unrolled_run = run_length < unrolled ? run_length : unrolled;

float sum[tile_pixels][tile_vectors];

// The column of this lane's pair of vectors in a tile of outputs.
uint column(uint pair) {
    return (pair * lanes + gl_SubgroupInvocationID) * per_load;
}

void multiply(uint from, uint weights, const uint count) {
    Loaded value[unrolled][loads], weight[unrolled][tile_vectors / per_load];
    [[unroll]] for (uint k = 0; k < count; ++k) {
        // Lanes behind the end of a row repeat it.
        [[unroll]] for (uint l = 0; l < loads; ++l)
            value[k][l] = LOAD(v, from + k * tile_pixels + min((l * lanes + gl_SubgroupInvocationID) * per_load, tile_pixels - per_load));
        [[unroll]] for (uint j = 0; j < tile_vectors / per_load; ++j) weight[k][j] = LOAD(u, weights + k * tile_outputs + column(j));
    }
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
        float one[unrolled];
        [[unroll]] for (uint k = 0; k < count; ++k) one[k] = subgroupShuffle(value[k][t / per_load / lanes][t % per_load], t / per_load % lanes);
        [[unroll]] for (uint j = 0; j < tile_vectors; ++j) {
            float add = sum[t][j];
            [[unroll]] for (uint k = 0; k < count; ++k) add = fma(one[k], weight[k][j / per_load][j % per_load], add);
            sum[t][j] = add;
        }
    }
}

// Multiplies what the lanes from `lane` on hold of a run, `count` elements.
void multiplyRun(Loaded value[tile_pixels], uint lane, uint weights, const uint count) {
    Loaded weight[unrolled][tile_vectors / per_load];
    [[unroll]] for (uint k = 0; k < count; ++k)
        [[unroll]] for (uint j = 0; j < tile_vectors / per_load; ++j) weight[k][j] = LOAD(u, weights + k * tile_outputs + column(j));
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
        float one[unrolled];
        [[unroll]] for (uint k = 0; k < count; ++k) one[k] = subgroupShuffle(value[t][k % per_load], lane + k / per_load);
        [[unroll]] for (uint j = 0; j < tile_vectors; ++j) {
            float add = sum[t][j];
            [[unroll]] for (uint k = 0; k < count; ++k) add = fma(one[k], weight[k][j / per_load][j % per_load], add);
            sum[t][j] = add;
        }
    }
}

void sumRuns(uint z, uint block, uint weights, uint i, uint end) {
    uint first = block * tile_pixels, last = min(tile_pixels, tiles - first) - 1;
    uint from = ((z * ((channels + run_length - 1) / run_length) + i / run_length) * tiles + first) * run_length + gl_SubgroupInvocationID * per_load;
    for (; i < end; i += run_length) {
        Loaded value[tile_pixels];
        // Tiles behind the last repeat it; their sums are not stored.
        [[unroll]] for (uint t = 0; t < tile_pixels; ++t) value[t] = LOAD(v, from + min(t, last) * run_length);
        // Loops of a constant length: software drivers are twice as slow on others.
        if (i + run_length <= end) {
            for (uint k = 0; k < run_length; k += unrolled_run) multiplyRun(value, k / per_load, weights + (i + k) * tile_outputs, unrolled_run);
        } else {
            for (uint k = 0; i + k < end; k += per_load) multiplyRun(value, k / per_load, weights + (i + k) * tile_outputs, per_load);
        }
        from += tiles * run_length;
    }
}

void sumSegment(uint z, uint block, uint blocks, uint weights, uint i, uint end) {
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
        [[unroll]] for (uint j = 0; j < tile_vectors; ++j) sum[t][j] = 0;
    if (runs) {
        sumRuns(z, block, weights, i, end);
        return;
    }
    uint from = (z * blocks + block) * channels * tile_pixels;
    for (; i + unrolled <= end; i += unrolled) multiply(from + i * tile_pixels, weights + i * tile_outputs, unrolled);
    for (; i < end; ++i) multiply(from + i * tile_pixels, weights + i * tile_outputs, 1);
}

void store(uint z, uint block, uint tile, bool add) {
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
        if (block * tile_pixels + t < tiles) {
            uint to = (z * tiles + block * tile_pixels + t) * columns + tile;
            [[unroll]] for (uint j = 0; j < tile_vectors; j += per_load) {
                uint at = (to + column(j / per_load)) / per_load;
                Loaded result = Loaded(sum[t][j], sum[t][j + 1]) * unknownOne(channels);
                if (add) result += uintBitsToFloat(unpack32(Sums(uvec2(m)).at[at]));
                Sums(uvec2(m)).at[at] = pack64(floatBitsToUint(result));
            }
        }
    }
}

void main() {
    uint blocks = (tiles + tile_pixels - 1) / tile_pixels;
    for (uint z = gl_WorkGroupID.z; z < matrices; z += gl_NumWorkGroups.z) {
        for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < columns; tile += gl_NumWorkGroups.y * tile_outputs) {
            for (uint block = gl_WorkGroupID.x; block < blocks; block += gl_NumWorkGroups.x) {
                uint weights = (z * columns + tile) * channels;
                for (uint first = 0; first < channels; first += segment) {
                    sumSegment(z, block, blocks, weights, first, min(first + segment, channels));
                    store(z, block, tile, accumulate || first > 0);
                }
            }
        }
    }
}

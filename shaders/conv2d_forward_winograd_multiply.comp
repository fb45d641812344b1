// The third step of a convolution by include/winograd.glsl: m[z] = v[z] u[z] for every matrix z, tiles by input channels by outputs.
//
// v in [matrix][block][i][tile in block] order, tile_pixels tiles to a block; u in [matrix][o / tile_outputs][i][o % tile_outputs] order;
// m in [matrix][tile][o] order, rows columns apart, a multiple of tile_outputs. A workgroup's sums are one block by tile_vectors vectors
// of outputs, lanes along the outputs. The tiles of one i are neighbours: lanes load two each, and the subgroup passes them round.
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

void sumSegment(uint from, uint weights, uint i, uint end) {
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
        [[unroll]] for (uint j = 0; j < tile_vectors; ++j) sum[t][j] = 0;
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
                uint from = (z * blocks + block) * channels * tile_pixels, weights = (z * columns + tile) * channels;
                for (uint first = 0; first < channels; first += segment) {
                    sumSegment(from, weights, first, min(first + segment, channels));
                    store(z, block, tile, accumulate || first > 0);
                }
            }
        }
    }
}

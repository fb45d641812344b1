// A workgroup's tile of tile_rows rows of dw by tile_vectors vectors of output channels, lanes along the channels; one group.
// Per pixel the tile's vectors of dy are loaded once; the elements of x, neighbours in memory, one per lane, and the subgroup passes
// them round. With `joined` a row of the kernel and its channels are one run of elements, for few or odd channels; rows of x must
// touch and dilationW be 1. With WIDE a lane takes two neighbouring elements per load (8 bytes): channels, outputs, strides and
// alignments are even.
// Workgroup: exactly one whole subgroup; workgroups stride over tiles of rows in x, over tiles of channels in y, over slices in z.
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require
#include "conv2d_backward_filter.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 3) const uint tile_vectors = 4;
layout(constant_id = 4) const bool joined = false;

const uint lanes = gl_WorkGroupSize.x;
#include "pairs.glsl"

const uint block = lanes * per_load;
const uint loads = (tile_rows + block - 1) / block;
const uint tile_outputs = tile_vectors * lanes;
// Pixels that are added without a loop: enough to hide the loop, few enough to compile soon.
const uint unrolled = 4;

float sum[tile_rows][tile_vectors];

// The output channel of this lane's vector v in a tile: neighbouring lanes have neighbouring loads.
uint column(uint tile, uint v) {
    return tile + v / per_load * lanes * per_load + gl_LocalInvocationID.x * per_load + v % per_load;
}


// Adds the products of a few pixels
void addPixels(uint start[unrolled], int lowest[unrolled], uint span, uint row[unrolled], uint tile) {
    float gradient[unrolled][tile_vectors];
    Loaded value[unrolled][loads];
    uint mine = gl_SubgroupInvocationID * per_load;
    [[unroll]] for (uint k = 0; k < unrolled; ++k) {
        [[unroll]] for (uint v = 0; v < tile_vectors; v += per_load) {
            Loaded loaded = LOAD(dy, row[k] + min(column(tile, v), outputs - per_load));
            [[unroll]] for (uint j = 0; j < per_load; ++j) gradient[k][v + j] = COMPONENT(loaded, j);
        }
        [[unroll]] for (uint l = 0; l < loads; ++l) {
            bool inside = uint(lowest[k] + int(l * block + mine)) < span;
            Loaded loaded = LOAD(x, inside ? start[k] + l * block + mine : 0);
            value[k][l] = inside ? loaded : Loaded(0);
        }
    }
    [[unroll]] for (uint t = 0; t < tile_rows; ++t) {
        float one[unrolled];
        [[unroll]] for (uint k = 0; k < unrolled; ++k) one[k] = subgroupShuffle(COMPONENT(value[k][t / block], t % per_load), t % block / per_load);
        [[unroll]] for (uint v = 0; v < tile_vectors; ++v) {
            float add = sum[t][v];
            [[unroll]] for (uint k = 0; k < unrolled; ++k) add = fma(one[k], gradient[k][v], add);
            sum[t][v] = add;
        }
    }
}

void correlate(uint r, uint s, uint first, uint tile, uint begin, uint end) {
    [[unroll]] for (uint t = 0; t < tile_rows; ++t)
        [[unroll]] for (uint v = 0; v < tile_vectors; ++v) sum[t][v] = 0;
    uint span = joined ? width * channels : channels;
    // Each lane finds where one pixel of a block reads; pixels behind the last are zero.
    Walk at = walkFrom(begin + gl_SubgroupInvocationID, lanes);
    for (uint m = begin; m < end; m += lanes) {
        int h = rowUnder(at, r), v = columnUnder(at, s);
        bool inside = m + gl_SubgroupInvocationID < end && uint(h) < height && (joined || uint(v) < width);
        uint start = ((at.n * height + uint(h)) * width + uint(v)) * xRowStride + first;
        int lowest = inside ? int(first) + (joined ? v * int(channels) : 0) : int(0x80000000);
        for (uint lane = 0; lane < lanes; lane += unrolled) {
            uint starts[unrolled], row[unrolled];
            int lowests[unrolled];
            [[unroll]] for (uint k = 0; k < unrolled; ++k) {
                starts[k] = subgroupShuffle(start, lane + k);
                lowests[k] = subgroupShuffle(lowest, lane + k);
                row[k] = min(m + lane + k, end - 1) * dyRowStride;
            }
            addPixels(starts, lowests, span, row, tile);
        }
        advance(at);
    }
}

void store(uint row, uint count, uint tile) {
    [[unroll]] for (uint v = 0; v < tile_vectors; v += per_load) {
        uint o = column(tile, v);
        if (o < outputs) {
            [[unroll]] for (uint t = 0; t < tile_rows; ++t) {
                if (t < count) {
                    uint to = (row + t) * outputs + o;
                    Loaded result;
                    [[unroll]] for (uint j = 0; j < per_load; ++j) COMPONENT(result, j) = sum[t][v + j] * unknownOne(pixels);
                    if (accumulate) result += LOAD_FLOAT(dw, to);
                    STORE_FLOAT(dw, to, result);
                }
            }
        }
    }
}

void main() {
    uint run = joined ? kernelW * channels : channels, runs = joined ? kernelH : kernelH * kernelW;
    uint tiles = (run + tile_rows - 1) / tile_rows;
    for (uint slice = gl_WorkGroupID.z; slice * slicePixels < pixels; slice += gl_NumWorkGroups.z) {
        uint begin = slice * slicePixels, end = min(begin + slicePixels, pixels);
        // Tiles of channels innermost: the rows' elements of x stay in the nearest cache for all of them.
        for (uint i = gl_WorkGroupID.x; i < runs * tiles; i += gl_NumWorkGroups.x) {
            uint tap = i / tiles, first = (i - tap * tiles) * tile_rows;
            uint r = joined ? tap : tap / kernelW, s = joined ? 0 : tap - r * kernelW;
            for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs) {
                correlate(r, s, first, tile, begin, end);
                store(slice * rows + tap * run + first, min(run - first, tile_rows), tile);
            }
        }
    }
}

// A workgroup's tile of tile_rows rows of dw by tile_vectors vectors of output channels, lanes along the channels; one group.
// Per pixel the tile's vectors of dy are loaded once; the elements of x, neighbours in memory, one per lane, and the subgroup passes
// them round. With `joined` a row of the kernel and its channels are one run of elements, for few or odd channels; rows of x must
// touch and dilationW be 1. With WIDE a lane takes two neighbouring elements per load (8 bytes): channels, outputs, strides and
// alignments are even.
// Written as conv2d_broadcast.glsl is, for drivers that make intermediate code anew at each start.
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
const uint parts = tile_vectors / per_load;
// Pixels that are added without a loop: enough to hide the loop, few enough to compile soon.
const uint unrolled = 4;

// The first output channel of what this lane loads or stores at a time: neighbouring lanes have neighbouring channels.
uint column(uint tile, uint part) {
    return tile + (part * lanes + gl_SubgroupInvocationID) * per_load;
}

void main() {
    uint run = joined ? kernelW * channels : channels, runs = joined ? kernelH : kernelH * kernelW;
    uint tiles = (run + tile_rows - 1) / tile_rows, span = joined ? width * channels : channels;
    uint mine = gl_SubgroupInvocationID * per_load;
    for (uint slice = gl_WorkGroupID.z; slice * slicePixels < pixels; slice += gl_NumWorkGroups.z) {
        uint begin = slice * slicePixels, end = min(begin + slicePixels, pixels);
        // Tiles of channels innermost: the rows' elements of x stay in the nearest cache for all of them.
        for (uint i = gl_WorkGroupID.x; i < runs * tiles; i += gl_NumWorkGroups.x) {
            uint tap = i / tiles, first = (i - tap * tiles) * tile_rows;
            uint r = joined ? tap : tap / kernelW, s = joined ? 0 : tap - r * kernelW;
            for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs) {
                Loaded sum[tile_rows][parts];
                [[unroll]] for (uint t = 0; t < tile_rows; ++t)
                    [[unroll]] for (uint v = 0; v < parts; ++v) sum[t][v] = Loaded(0);
                // Each lane finds where one pixel of a block reads; pixels behind the last are zero.
                Walk at = walkFrom(begin + gl_SubgroupInvocationID, lanes);
                for (uint m = begin; m < end; m += lanes) {
                    int h = rowUnder(at, r), w = columnUnder(at, s);
                    bool insideSlice = m + gl_SubgroupInvocationID < end, insideHeight = uint(h) < height, insideWidth = uint(w) < width || joined;
                    bool insideImage = insideHeight && insideWidth;
                    bool inside = insideSlice && insideImage;
                    uint start = ((at.n * height + uint(h)) * width + uint(w)) * xRowStride + first;
                    int lowest = int(first) + (joined ? w * int(channels) : 0);
                    lowest = inside ? lowest : int(0x80000000);
                    for (uint lane = 0; lane < lanes; lane += unrolled) {
                        Loaded gradient[unrolled][parts], value[unrolled][loads];
                        [[unroll]] for (uint k = 0; k < unrolled; ++k) {
                            uint row = min(m + lane + k, end - 1) * dyRowStride;
                            uint from = subgroupShuffle(start, lane + k) + mine;
                            int low = subgroupShuffle(lowest, lane + k) + int(mine);
                            [[unroll]] for (uint v = 0; v < parts; ++v) gradient[k][v] = LOAD(dy, row + min(column(tile, v), outputs - per_load));
                            [[unroll]] for (uint l = 0; l < loads; ++l) {
                                bool has = uint(low + int(l * block)) < span;
                                uint element = from + l * block;
                                element = has ? element : 0;
                                Loaded loaded = LOAD(x, element);
                                value[k][l] = has ? loaded : Loaded(0);
                            }
                        }
                        [[unroll]] for (uint t = 0; t < tile_rows; ++t) {
                            float one[unrolled];
                            [[unroll]] for (uint k = 0; k < unrolled; ++k) one[k] = subgroupShuffle(COMPONENT(value[k][t / block], t % per_load), t % block / per_load);
                            [[unroll]] for (uint v = 0; v < parts; ++v) {
                                Loaded add = sum[t][v];
                                [[unroll]] for (uint k = 0; k < unrolled; ++k) add = fma(Loaded(one[k]), gradient[k][v], add);
                                sum[t][v] = add;
                            }
                        }
                    }
                    advance(at);
                }
                uint to = slice * rows + tap * run + first, count = min(run - first, tile_rows);
                [[unroll]] for (uint v = 0; v < parts; ++v) {
                    uint o = column(tile, v);
                    if (o < outputs) {
                        [[unroll]] for (uint t = 0; t < tile_rows; ++t) {
                            if (t < count) {
                                Loaded result = sum[t][v] * unknownOne(pixels);
                                if (accumulate) result += LOAD_FLOAT(dw, (to + t) * outputs + o);
                                STORE_FLOAT(dw, (to + t) * outputs + o, result);
                            }
                        }
                    }
                }
            }
        }
    }
}

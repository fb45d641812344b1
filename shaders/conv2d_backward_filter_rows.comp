// A filter gradient of few input channels: a workgroup's tile is one row of the kernel with all its channels, `run` rows of dw, by tile_vectors
// vectors of output channels, lanes along the channels. Symbols, layout and slices as in include/conv2d_backward_filter.glsl; one group.
//
// Products of tile_pixels neighbouring pixels of one row of dy are added at a time. Their windows overlap: what all of them see of a row of x
// is one run of elements, and is loaded once; pixel t's window begins `step` elements behind pixel t - 1's. Pixels behind a row's end count as
// zero in dy, so there an infinity in x makes NaN in taps beside its own. A slice is a multiple of tile_pixels, and counts rows of dy as whole tiles.
// Rows of x touch, dilationW is 1; outputs, dyRowStride and alignments but x's are even; tile_vectors is a multiple of 4.
// Four vectors of sums are one variable: see conv2d_forward_rows.comp.
// Workgroup: exactly one whole subgroup; workgroups stride over rows of the kernel in x, over tiles of channels in y; each z is one slice.
#version 460
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require
#define WIDE
#include "conv2d_backward_filter.glsl"
#include "pairs.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 3) const uint tile_vectors = 4;
layout(constant_id = 4) const uint tile_pixels = 8;
layout(constant_id = 5) const uint step = 6;
layout(constant_id = 6) const uint run = 21;

const uint lanes = gl_WorkGroupSize.x;
const uint block = lanes * per_load;
const uint loads = ((tile_pixels - 1) * step + run + block - 1) / block;
const uint groups = tile_vectors / 4;
const uint tile_outputs = tile_vectors * lanes;

// The first output channel of this lane's pair in a tile.
uint column(uint tile, uint pair) {
    return tile + (pair * lanes + gl_SubgroupInvocationID) * per_load;
}

// A lane behind the last channel repeats it; its result is not stored.
vec2 loadPair(uint row, uint tile, uint pair) { return LOAD(dy, row + min(column(tile, pair), outputs - per_load)); }

// Two elements of a row of x from `at` on, which counts from the row's beginning and may lie outside it.
vec2 loadElements(uint line, int at, uint span, bool inside) {
    bool first = inside && uint(at) < span, second = inside && uint(at + 1) < span;
    float one = float(x.at[first ? line + uint(at) : 0]), other = float(x.at[second ? line + uint(at + 1) : 0]);
    return vec2(first ? one : 0, second ? other : 0);
}

void store(uint row, uint o, vec2 result) {
    if (o < outputs) {
        if (accumulate) result += LOAD_FLOAT(dw, row + o);
        STORE_FLOAT(dw, row + o, result);
    }
}

void main() {
    uint rowTiles = (outWidth + tile_pixels - 1) / tile_pixels, tiles = pixels / outWidth * rowTiles, sliceTiles = slicePixels / tile_pixels;
    uint slice = gl_WorkGroupID.z, begin = min(slice * sliceTiles, tiles), end = min(begin + sliceTiles, tiles), span = width * channels;
    for (uint r = gl_WorkGroupID.x; r < kernelH; r += gl_NumWorkGroups.x) {
        for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs) {
            vec4 sum[run][groups];
            [[unroll]] for (uint k = 0; k < run; ++k)
                [[unroll]] for (uint g = 0; g < groups; ++g) sum[k][g] = vec4(0);
            // Counters and carries, for divisions are dear.
            uint line = begin / rowTiles, q = (begin - line * rowTiles) * tile_pixels;
            uint n = line / outHeight, p = line - n * outHeight;
            for (uint i = begin; i < end; ++i) {
                int h = int(p) * strideH + int(r) * dilationH - padTop;
                int from = (int(q) * strideW - padLeft) * int(channels) + int(gl_SubgroupInvocationID * per_load);
                vec2 value[loads];
                [[unroll]] for (uint l = 0; l < loads; ++l)
                    value[l] = loadElements((n * height + uint(h)) * span, from + int(l * block), span, uint(h) < height);
                vec4 gradient[tile_pixels][groups];
                [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                    uint row = (line * outWidth + min(q + t, outWidth - 1)) * dyRowStride;
                    [[unroll]] for (uint g = 0; g < groups; ++g) {
                        vec4 loaded = vec4(loadPair(row, tile, g * 2), loadPair(row, tile, g * 2 + 1));
                        gradient[t][g] = q + t < outWidth ? loaded : vec4(0);
                    }
                }
                [[unroll]] for (uint k = 0; k < run; ++k) {
                    float one[tile_pixels];
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                        uint at = t * step + k;
                        one[t] = subgroupShuffle(value[at / block][at % per_load], at % block / per_load);
                    }
                    [[unroll]] for (uint g = 0; g < groups; ++g) {
                        vec4 add = sum[k][g];
                        [[unroll]] for (uint t = 0; t < tile_pixels; ++t) add = fma(vec4(one[t]), gradient[t][g], add);
                        sum[k][g] = add;
                    }
                }
                q += tile_pixels;
                bool nextLine = q >= outWidth;
                q = nextLine ? 0 : q;
                line += uint(nextLine);
                p += uint(nextLine);
                bool nextImage = p == outHeight;
                p = nextImage ? 0 : p;
                n += uint(nextImage);
            }
            [[unroll]] for (uint k = 0; k < run; ++k) {
                uint to = (slice * rows + r * run + k) * outputs;
                [[unroll]] for (uint g = 0; g < groups; ++g) {
                    vec4 result = sum[k][g] * unknownOne(pixels);
                    store(to, column(tile, g * 2), result.xy);
                    store(to, column(tile, g * 2 + 1), result.zw);
                }
            }
        }
    }
}

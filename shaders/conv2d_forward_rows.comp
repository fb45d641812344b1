// A convolution of few input channels: a workgroup's tile is tile_pixels neighbouring pixels of one row of outputs by tile_vectors vectors of
// output channels, lanes along the channels. Symbols, layout and preconditions as in include/conv2d.glsl; one group, not scattered.
//
// The windows of neighbouring pixels overlap: what all of them see of one row of x is one run of elements, and is loaded once. Pixel t's
// window begins `step` elements behind pixel t - 1's and is `run` elements long; `chunk` elements of every window are added at a time (the
// lanes that hold them are constants), then all elements move down by as many, so that code is short and each sum is fetched once per chunk.
// Rows of x touch, dilationW is 1; outputs, yRowStride and alignments but x's are even; `chunk` divides `run`; tile_vectors is a multiple
// of 4. `whole` says that tiles end where the row and the channels end.
// Four vectors of sums are one variable, in main itself: drivers without a cache of their intermediate code make this text anew at each
// start, in a third of the time that scalars and functions of arrays take them.
// Workgroup: exactly one whole subgroup; workgroups stride over tiles of pixels in x, over tiles of channels in y.
#version 460
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require
#define WIDE
#define TILE_PIXELS 28
#include "conv2d.glsl"
#include "pairs.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 4) const uint tile_vectors = 8;
layout(constant_id = 5) const uint step = 6;
layout(constant_id = 8) const uint run = 21;
layout(constant_id = 9) const uint chunk = 3;
layout(constant_id = 10) const bool whole = false;

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
vec4 loadWeights(uint row, uint tile, uint group) {
    return vec4(LOAD(w, row * outputs + min(column(tile, group * 2), outputs - per_load)), LOAD(w, row * outputs + min(column(tile, group * 2 + 1), outputs - per_load)));
}

// Two elements of a row of x from `at` on, which counts from the row's beginning and may lie outside it.
vec2 loadElements(uint line, int at, uint span, bool inside) {
    // Choices between variables, for one between expressions is a branch.
    bool insideFirst = uint(at) < span, insideSecond = uint(at + 1) < span;
    bool first = inside && insideFirst, second = inside && insideSecond;
    uint from = line + uint(at), behind = from + 1;
    from = first ? from : 0;
    behind = second ? behind : 0;
    float one = float(x.at[from]), other = float(x.at[behind]);
    return vec2(first ? one : 0, second ? other : 0);
}

void main() {
    uint rowTiles = (outWidth + tile_pixels - 1) / tile_pixels, tiles = pixels / outWidth * rowTiles, span = width * channels;
    // What moves down by a chunk: an element of the pair's other place, where the chunk is odd, and from so many lanes behind.
    const uint byX = chunk / per_load, byY = (chunk + 1) / per_load;
    uint lane = gl_SubgroupInvocationID;
    bool behindX = lane + byX % lanes >= lanes, behindY = lane + byY % lanes >= lanes;
    for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs) {
        for (uint i = gl_WorkGroupID.x; i < tiles; i += gl_NumWorkGroups.x) {
            uint line = i / rowTiles, q = (i - line * rowTiles) * tile_pixels;
            uint n = line / outHeight, p = line - n * outHeight;
            vec4 sum[tile_pixels][groups];
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                [[unroll]] for (uint g = 0; g < groups; ++g) sum[t][g] = vec4(0);

            int h = int(p) * strideH - padTop;
            int from = (int(q) * strideW - padLeft) * int(channels) + int(lane * per_load);
            uint row = 0;
            for (uint r = 0; r < kernelH; ++r) {
                vec2 value[loads];
                [[unroll]] for (uint l = 0; l < loads; ++l)
                    value[l] = loadElements((n * height + uint(h)) * span, from + int(l * block), span, uint(h) < height);
                for (uint k = 0; k < run; k += chunk) {
                    vec4 weight[chunk][groups];
                    [[unroll]] for (uint c = 0; c < chunk; ++c)
                        [[unroll]] for (uint g = 0; g < groups; ++g) weight[c][g] = loadWeights(row + c, tile, g);
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                        [[unroll]] for (uint c = 0; c < chunk; ++c) {
                            uint at = t * step + c;
                            float one = subgroupShuffle(value[at / block][at % per_load], at % block / per_load);
                            [[unroll]] for (uint g = 0; g < groups; ++g) sum[t][g] = fma(vec4(one), weight[c][g], sum[t][g]);
                        }
                    }
                    row += chunk;
                    vec2 moved[loads];
                    [[unroll]] for (uint l = 0; l < loads; ++l)
                        moved[l] = vec2(subgroupShuffle(value[l][chunk % per_load], (lane + byX) % lanes), subgroupShuffle(value[l][(chunk + 1) % per_load], (lane + byY) % lanes));
                    [[unroll]] for (uint l = 0; l < loads; ++l) {
                        // Elements behind the last are behind every window too.
                        uint x0 = min(l + byX / lanes, loads - 1), x1 = min(x0 + 1, loads - 1), y0 = min(l + byY / lanes, loads - 1), y1 = min(y0 + 1, loads - 1);
                        value[l] = vec2(behindX ? moved[x1].x : moved[x0].x, behindY ? moved[y1].y : moved[y0].y);
                    }
                }
                h += dilationH;
            }

            [[unroll]] for (uint pair = 0; pair < tile_vectors / 2; ++pair) {
                uint o = column(tile, pair);
                if (whole || o < outputs) {
                    vec2 bias = vec2(0);
                    if (biased) bias = LOAD_FLOAT(b, o);
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                        vec2 result = clamped(vec2(sum[t][pair / 2][pair % 2 * 2], sum[t][pair / 2][pair % 2 * 2 + 1]) + bias);
                        if (whole || q + t < outWidth) {
                            uint to = (line * outWidth + q + t) * yRowStride + o;
                            if (accumulate) result += LOAD(y, to);
                            STORE(y, to, result);
                        }
                    }
                }
            }
        }
    }
}

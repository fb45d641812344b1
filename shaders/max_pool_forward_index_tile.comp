// The formula of max_pool_forward_index without dilation, for a tile of tile_h by tile_w outputs per invocation: every input is read once
// per tile, the columns of a row are compared before the rows, which is row-major order, and a row's maximum serves every window it lies in.
// A tap outside the image reads the nearest pixel inside, which is in the window too, and counts as that pixel: so nothing branches.
// With `masked` what was clamped was found nowhere (include/masking.glsl).
// Layout: channels last, row strides their own; x of `height` by `width`, y and index of `outHeight` by `outWidth`; index: include/positions.glsl.
// Every window holds a pixel of the image.
// Workgroup: any; invocations stride over `count` = images * tiles * `channels`, groups of four channels where `four`.
#version 460
#include "tensor.glsl"
#include "channels.glsl"
#include "positions.glsl"
#include "pixel.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 3) const int tile_h = 2;
layout(constant_id = 4) const int tile_w = 4;
layout(constant_id = 5) const int kernel_h = 3;
layout(constant_id = 6) const int kernel_w = 3;
layout(constant_id = 7) const int stride_h = 2;
layout(constant_id = 8) const int stride_w = 2;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    Index index;
    uint count, channels;
    uint xRowStride, yRowStride, indexRowStride;
    int height, width, outHeight, outWidth;
    int padTop, padLeft;
    float32_t low, high;
};

#include "masking.glsl"

// Nowhere, where the maximum was clamped: its gradient would not pass.
uvec4 passing(uvec4 taps, vec4 best) {
    [[unroll]] for (uint k = 0; k < lanes; ++k) taps[k] = masked && isClamped(best[k]) ? 0xffffffffu : taps[k];
    return taps;
}

const int rows = (tile_h - 1) * stride_h + kernel_h;
const int columns = (tile_w - 1) * stride_w + kernel_w;

void main() {
    uint tilesH = uint(outHeight + tile_h - 1) / tile_h, tilesW = uint(outWidth + tile_w - 1) / tile_w;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, tilesH, tilesW, row);
        int p0 = int(at.p) * tile_h, q0 = int(at.q) * tile_w, h0 = p0 * stride_h - padTop, w0 = q0 * stride_w - padLeft;
        uint column[columns], tap[columns];
        [[unroll]] for (int j = 0; j < columns; ++j) {
            int w = clamp(w0 + j, 0, width - 1);
            column[j] = uint(w) * xRowStride + at.c * lanes;
            tap[j] = uint(w - w0);
        }
        vec4 best[tile_h][tile_w];
        uvec4 taps[tile_h][tile_w];
        [[unroll]] for (int k = 0; k < rows; ++k) {
            int h = clamp(h0 + k, 0, height - 1);
            uint line = (at.n * uint(height) + uint(h)) * uint(width) * xRowStride;
            vec4 values[columns];
            [[unroll]] for (int j = 0; j < columns; ++j) values[j] = load(x, line + column[j]);
            [[unroll]] for (int u = 0; u < tile_w; ++u) {
                vec4 v = values[u * stride_w];
                uvec4 here = uvec4(tap[u * stride_w] - uint(u * stride_w));
                [[unroll]] for (int s = 1; s < kernel_w; ++s)
                    pick(v, here, values[u * stride_w + s], uvec4(tap[u * stride_w + s] - uint(u * stride_w)));
                here += uint((h - h0) * kernel_w);
                [[unroll]] for (int t = 0; t < tile_h; ++t) {
                    if (k < t * stride_h || k >= t * stride_h + kernel_h) continue;
                    if (k == t * stride_h) {
                        best[t][u] = v;
                        taps[t][u] = here;
                    } else {
                        pick(best[t][u], taps[t][u], v, here);
                    }
                    if (k == t * stride_h + kernel_h - 1 && p0 + t < outHeight && q0 + u < outWidth) {
                        uint to = (at.n * uint(outHeight) + uint(p0 + t)) * uint(outWidth) + uint(q0 + u);
                        store(y, to * yRowStride + at.c * lanes, best[t][u]);
                        index.at[to * indexRowStride + at.c] = packed(passing(taps[t][u] - uint(t * stride_h * kernel_w), best[t][u]));
                    }
                }
            }
        }
    }
}

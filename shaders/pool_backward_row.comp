// The formula of pool_backward without dilation, for `tile` pixels of a row per invocation: every window is read once per row of
// pixels, where the windows overlap, and not once per pixel. `tile` is a multiple of the stride, so which windows hold which pixels is constant.
// Layout: channels last, row strides their own; dx of `height` by `width`, dy and index of `outHeight` by `outWidth`.
// Workgroup: any; invocations stride over `count` = images * height * tiles per row * channels (groups of four where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "index.glsl"
#include "pixel.glsl"
#include "window.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool accumulate = false;
layout(constant_id = 3) const bool maximum = true;
layout(constant_id = 4) const bool include_padding = false;
layout(constant_id = 5) const int tile = 8;
layout(constant_id = 6) const int kernel_w = 3;
layout(constant_id = 7) const int stride_w = 2;
layout(constant_id = 8) const int pad_left = 0;

layout(push_constant, scalar) uniform Push {
    Const dy;
    Index index;
    Tensor dx;
    uint count, channels;
    uint dyRowStride, indexRowStride, dxRowStride;
    int height, width, outHeight, outWidth;
    int kernelH, strideH;
    int padTop, padBottom, padRight;
};

// Windows left of the one that begins at the tile's first pixel, and all that hold a pixel of the tile.
const int before = (kernel_w - 1 - pad_left) / stride_w;
const int windows = before + (tile - 1 + pad_left) / stride_w + 1;

// Pixels of a window that count in its mean, along one axis.
int divisor(int start, int kernel, int extent, int padEnd) {
    return include_padding ? min(kernel, extent + padEnd - start) : min(start + kernel, extent) - max(start, 0);
}

void main() {
    uint tiles = uint(width + tile - 1) / tile;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, uint(height), tiles, row);
        int h = int(at.p) + padTop, w0 = int(at.q) * tile, q0 = w0 / stride_w - before;
        ivec2 ps = windowsOver(h, kernelH, strideH, 1, outHeight);
        vec4 sums[tile];
        [[unroll]] for (int t = 0; t < tile; ++t) sums[t] = vec4(0);
        for (int p = ps.x; p < ps.y; ++p) {
            uint line = (at.n * uint(outHeight) + uint(p)) * uint(outWidth);
            uint tap = uint((h - p * strideH) * kernel_w);
            int rows = divisor(p * strideH - padTop, kernelH, height, padBottom);
            [[unroll]] for (int j = 0; j < windows; ++j) {
                int q = q0 + j;
                if (q < 0 || q >= outWidth) continue;
                vec4 gradient = load(dy, (line + uint(q)) * dyRowStride + at.c);
                uvec4 won = uvec4(0);
                if (maximum) won = loadIndex(index, (line + uint(q)) * indexRowStride + at.c) - tap;
                else gradient /= float(rows * divisor(q * stride_w - pad_left, kernel_w, width, padRight));
                [[unroll]] for (int t = 0; t < tile; ++t) {
                    int s = t + pad_left - (j - before) * stride_w;
                    if (s >= 0 && s < kernel_w) sums[t] += maximum ? mix(vec4(0), gradient, equal(won, uvec4(s))) : gradient;
                }
            }
        }
        uint first = (at.n * uint(height) + at.p) * uint(width) + uint(w0);
        [[unroll]] for (int t = 0; t < tile; ++t) {
            if (w0 + t >= width) break;
            addTo(dx, (first + uint(t)) * dxRowStride + at.c, sums[t], accumulate);
        }
    }
}

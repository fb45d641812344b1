// The formula of pool_forward without dilation, for `tile` outputs of a row per invocation: every input is read once per row of
// outputs, where the windows overlap, and not once per window.
// Layout: channels last, row strides xRowStride and yRowStride; x of `height` by `width`, y of `outHeight` by `outWidth`.
// Workgroup: any; invocations stride over `count` = images * outHeight * tiles per row * channels (groups of four where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "pixel.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool maximum = true;
layout(constant_id = 3) const bool include_padding = false;
layout(constant_id = 4) const int tile = 7;
layout(constant_id = 5) const int kernel_w = 3;
layout(constant_id = 6) const int stride_w = 2;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count, channels;
    uint xRowStride, yRowStride;
    int height, width, outHeight, outWidth;
    int kernelH, strideH;
    int padTop, padLeft, padBottom, padRight;
};

const int span = (tile - 1) * stride_w + kernel_w;

vec4 combine(vec4 a, vec4 b) {
    return maximum ? mix(mix(a, b, greaterThan(b, a)), b, isnan(b)) : a + b;
}

void main() {
    uint tiles = uint(outWidth + tile - 1) / tile;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, uint(outHeight), tiles, row);
        int q0 = int(at.q) * tile, h0 = int(at.p) * strideH - padTop, w0 = q0 * stride_w - padLeft;
        int top = max(h0, 0), bottom = min(h0 + kernelH, height);
        vec4 outputs[tile];
        vec4 nothing = maximum ? vec4(uintBitsToFloat(0xff800000u)) : vec4(0);
        [[unroll]] for (int t = 0; t < tile; ++t) outputs[t] = nothing;

        [[unroll]] for (int j = 0; j < span; ++j) {
            int w = w0 + j;
            if (w < 0 || w >= width) continue;
            vec4 column = nothing;
            for (int h = top; h < bottom; ++h)
                column = combine(column, load(x, ((at.n * uint(height) + uint(h)) * uint(width) + uint(w)) * xRowStride + at.c));
            [[unroll]] for (int t = 0; t < tile; ++t)
                if (j >= t * stride_w && j < t * stride_w + kernel_w) outputs[t] = combine(outputs[t], column);
        }

        uint first = (at.n * uint(outHeight) + at.p) * uint(outWidth) + uint(q0);
        [[unroll]] for (int t = 0; t < tile; ++t) {
            if (q0 + t >= outWidth) break;
            vec4 v = outputs[t];
            if (!maximum) {
                int left = w0 + t * stride_w;
                int rows = include_padding ? min(kernelH, height + padBottom - h0) : bottom - top;
                int columns = include_padding ? min(kernel_w, width + padRight - left) : min(left + kernel_w, width) - max(left, 0);
                v /= float(rows * columns);
            }
            store(y, (first + uint(t)) * yRowStride + at.c, v);
        }
    }
}

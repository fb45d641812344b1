// The formula of pool_forward without dilation, for a tile of tile_h by tile_w outputs per invocation: every input is read once per tile,
// and what a row's columns come to serves every window the row lies in. A tap outside the image reads the nearest pixel inside: a maximum
// has that pixel anyway, a mean drops it.
// Layout: channels last, row strides their own; x of `height` by `width`, y of `outHeight` by `outWidth`. Every window holds a pixel of the image.
// Workgroup: any; invocations stride over `count` = images * tiles * `channels`, groups of four channels where `four`.
#version 460
#include "tensor.glsl"
#include "channels.glsl"
#include "pixel.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 3) const bool maximum = true;
layout(constant_id = 4) const bool include_padding = false;
layout(constant_id = 5) const int tile_h = 2;
layout(constant_id = 6) const int tile_w = 4;
layout(constant_id = 7) const int kernel_h = 3;
layout(constant_id = 8) const int kernel_w = 3;
layout(constant_id = 9) const int stride_h = 2;
layout(constant_id = 10) const int stride_w = 2;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count, channels;
    uint xRowStride, yRowStride;
    int height, width, outHeight, outWidth;
    int padTop, padLeft, padBottom, padRight;
};

const int rows = (tile_h - 1) * stride_h + kernel_h;
const int columns = (tile_w - 1) * stride_w + kernel_w;

// A NaN wins a maximum.
vec4 combine(vec4 a, vec4 b) {
    if (!maximum) return a + b;
    [[unroll]] for (uint k = 0; k < lanes; ++k) a[k] = b[k] > a[k] || isnan(b[k]) ? b[k] : a[k];
    return a;
}

// Pixels of a window that count in its mean, along one axis.
int divisor(int start, int kernel, int extent, int padEnd) {
    return include_padding ? min(kernel, extent + padEnd - start) : min(start + kernel, extent) - max(start, 0);
}

void main() {
    uint tilesH = uint(outHeight + tile_h - 1) / tile_h, tilesW = uint(outWidth + tile_w - 1) / tile_w;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, tilesH, tilesW, row);
        int p0 = int(at.p) * tile_h, q0 = int(at.q) * tile_w, h0 = p0 * stride_h - padTop, w0 = q0 * stride_w - padLeft;
        vec4 outputs[tile_h][tile_w];
        [[unroll]] for (int k = 0; k < rows; ++k) {
            int h = clamp(h0 + k, 0, height - 1);
            uint line = (at.n * uint(height) + uint(h)) * uint(width);
            vec4 values[columns];
            [[unroll]] for (int j = 0; j < columns; ++j) {
                int w = clamp(w0 + j, 0, width - 1);
                vec4 v = load(x, (line + uint(w)) * xRowStride + at.c * lanes);
                values[j] = maximum || h == h0 + k && w == w0 + j ? v : vec4(0);
            }
            [[unroll]] for (int u = 0; u < tile_w; ++u) {
                vec4 v = values[u * stride_w];
                [[unroll]] for (int s = 1; s < kernel_w; ++s) v = combine(v, values[u * stride_w + s]);
                [[unroll]] for (int t = 0; t < tile_h; ++t) {
                    if (k < t * stride_h || k >= t * stride_h + kernel_h) continue;
                    outputs[t][u] = k == t * stride_h ? v : combine(outputs[t][u], v);
                    if (k == t * stride_h + kernel_h - 1 && p0 + t < outHeight && q0 + u < outWidth) {
                        vec4 result = outputs[t][u];
                        if (!maximum) result /= float(divisor(h0 + t * stride_h, kernel_h, height, padBottom) * divisor(w0 + u * stride_w, kernel_w, width, padRight));
                        store(y, ((at.n * uint(outHeight) + uint(p0 + t)) * uint(outWidth) + uint(q0 + u)) * yRowStride + at.c * lanes, result);
                    }
                }
            }
        }
    }
}

// y[n,c,p,q] = max or mean of x[n, c, p*strideH + r*dilationH - padTop, q*strideW + s*dilationW - padLeft] over the kernel (r, s).
// Pixels outside the image take no part; with include_padding the mean's divisor counts the padding too, but not what lies
// beyond it (the last window of ceil mode). A NaN in the window wins a maximum.
// Layout: channels last, row strides xRowStride and yRowStride; x of `height` by `width`, y of `outHeight` by `outWidth`.
// Workgroup: any; invocations stride over `count` elements (groups of four where `four`) of y, `channels` of them in a pixel.
#version 460
#include "tensor.glsl"
#include "channels.glsl"
#include "pixel.glsl"
#include "window.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 3) const bool maximum = true;
layout(constant_id = 4) const bool include_padding = false;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count, channels;
    uint xRowStride, yRowStride;
    int height, width;
    uint outHeight, outWidth;
    int kernelH, kernelW, strideH, strideW, dilationH, dilationW;
    int padTop, padLeft, padBottom, padRight;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, outHeight, outWidth, row);
        int h0 = int(at.p) * strideH - padTop, w0 = int(at.q) * strideW - padLeft;
        ivec2 rs = tapsInside(h0, kernelH, dilationH, height), ss = tapsInside(w0, kernelW, dilationW, width);
        vec4 best = vec4(uintBitsToFloat(0xff800000u)), sum = vec4(0);
        for (int r = rs.x; r < rs.y; ++r) {
            uint line = (at.n * uint(height) + uint(h0 + r * dilationH)) * uint(width);
            for (int s = ss.x; s < ss.y; ++s) {
                vec4 v = load(x, (line + uint(w0 + s * dilationW)) * xRowStride + at.c * lanes);
                if (maximum) best = mix(mix(best, v, greaterThan(v, best)), v, isnan(v));
                else sum += v;
            }
        }
        if (maximum) {
            store(y, row * yRowStride + at.c * lanes, best);
        } else {
            ivec2 area = ivec2(rs.y - rs.x, ss.y - ss.x);
            if (include_padding) area = min(ivec2(kernelH, kernelW), ivec2(height + padBottom - h0, width + padRight - w0));
            store(y, row * yRowStride + at.c * lanes, sum / float(area.x * area.y));
        }
    }
}

// dx[n,c,h,w] (+)= the sum of what every window over the pixel passes on: of a maximum dy[n,c,p,q] where index[n,c,p,q] is the pixel's tap
// r*kernelW + s; of a mean dy[n,c,p,q] / divisor, the divisor as in pool_forward. Each pixel gathers, so the order of the sum is fixed.
// Layout: channels last, row strides their own; dx of `height` by `width`, dy and index of `outHeight` by `outWidth`; index: include/positions.glsl; a mean reads none.
// Workgroup: any; invocations stride over `count` elements (groups of four where `four`) of dx, `channels` of them in a pixel.
#version 460
#include "tensor.glsl"
#include "channels.glsl"
#include "positions.glsl"
#include "pixel.glsl"
#include "window.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 3) const bool accumulate = false;
layout(constant_id = 4) const bool maximum = true;
layout(constant_id = 5) const bool include_padding = false;
// Known when the pipeline is made, so that dividing by them is a multiplication.
layout(constant_id = 6) const int stride_h = 1;
layout(constant_id = 7) const int stride_w = 1;
layout(constant_id = 8) const int dilation_h = 1;
layout(constant_id = 9) const int dilation_w = 1;

layout(push_constant, scalar) uniform Push {
    Const dy;
    Index index;
    Tensor dx;
    uint count, channels;
    uint dyRowStride, indexRowStride, dxRowStride;
    int height, width, outHeight, outWidth;
    int kernelH, kernelW;
    int padTop, padLeft, padBottom, padRight;
};

// Pixels of a window that count in its mean, along one axis.
int divisor(int start, int kernel, int extent, int padEnd) {
    return include_padding ? min(kernel, extent + padEnd - start) : min(start + kernel, extent) - max(start, 0);
}

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, uint(height), uint(width), row);
        int h = int(at.p) + padTop, w = int(at.q) + padLeft;
        ivec2 ps = windowsOver(h, kernelH, stride_h, dilation_h, outHeight), qs = windowsOver(w, kernelW, stride_w, dilation_w, outWidth);
        vec4 sum = vec4(0);
        for (int p = ps.x; p < ps.y; ++p) {
            int r = (h - p * stride_h) / dilation_h;
            if (r * dilation_h != h - p * stride_h) continue;
            uint line = (at.n * uint(outHeight) + uint(p)) * uint(outWidth);
            int rows = maximum ? 0 : divisor(p * stride_h - padTop, kernelH, height, padBottom);
            for (int q = qs.x; q < qs.y; ++q) {
                int s = (w - q * stride_w) / dilation_w;
                if (s * dilation_w != w - q * stride_w) continue;
                vec4 gradient = load(dy, (line + uint(q)) * dyRowStride + at.c * lanes);
                if (maximum) {
                    uvec4 won = unpacked(index.at[(line + uint(q)) * indexRowStride + at.c]);
                    sum += mix(vec4(0), gradient, equal(won, uvec4(r * kernelW + s)));
                } else {
                    sum += gradient / float(rows * divisor(q * stride_w - padLeft, kernelW, width, padRight));
                }
            }
        }
        addTo(dx, row * dxRowStride + at.c * lanes, sum, accumulate);
    }
}

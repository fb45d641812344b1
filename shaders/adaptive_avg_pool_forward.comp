// y[n,c,p,q] = mean of x[n,c,h,w] over h in [floor(p*height/outHeight), ceil((p+1)*height/outHeight)) and w alike.
// Layout: channels last, row strides xRowStride and yRowStride.
// Workgroup: any; invocations stride over `count` elements (groups of four where `wide`) of y.
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "pixel.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count, channels;
    uint xRowStride, yRowStride;
    uint height, width, outHeight, outWidth;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, outHeight, outWidth, row);
        uint h0 = at.p * height / outHeight, h1 = ((at.p + 1) * height + outHeight - 1) / outHeight;
        uint w0 = at.q * width / outWidth, w1 = ((at.q + 1) * width + outWidth - 1) / outWidth;
        vec4 sum = vec4(0);
        for (uint h = h0; h < h1; ++h) {
            uint line = (at.n * height + h) * width;
            for (uint w = w0; w < w1; ++w) sum += load(x, (line + w) * xRowStride + at.c);
        }
        store(y, row * yRowStride + at.c, sum / float((h1 - h0) * (w1 - w0)));
    }
}

// dx[n,c,h,w] (+)= the sum of dy[n,c,p,q] / size of the cell (p, q) over all cells of adaptive_avg_pool_forward that hold the pixel.
// Layout: channels last, row strides dyRowStride and dxRowStride.
// Workgroup: any; invocations stride over `count` elements (groups of four where `wide`) of dx.
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "pixel.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const dy;
    Tensor dx;
    uint count, channels;
    uint dyRowStride, dxRowStride;
    uint height, width, outHeight, outWidth;
};

// Pixels of a cell along one axis.
uint cell(uint p, uint extent, uint outputs) {
    return ((p + 1) * extent + outputs - 1) / outputs - p * extent / outputs;
}

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, height, width, row);
        // Cell p holds row h where floor(p*height/outHeight) <= h < ceil((p+1)*height/outHeight).
        uint p0 = at.p * outHeight / height, p1 = ((at.p + 1) * outHeight + height - 1) / height;
        uint q0 = at.q * outWidth / width, q1 = ((at.q + 1) * outWidth + width - 1) / width;
        vec4 sum = vec4(0);
        for (uint p = p0; p < p1; ++p) {
            uint line = (at.n * outHeight + p) * outWidth;
            for (uint q = q0; q < q1; ++q)
                sum += load(dy, (line + q) * dyRowStride + at.c) / float(cell(p, height, outHeight) * cell(q, width, outWidth));
        }
        addTo(dx, row * dxRowStride + at.c, sum, accumulate);
    }
}

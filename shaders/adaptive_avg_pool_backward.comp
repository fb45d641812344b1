// dx[n,c,h,w] (+)= the sum of dy[n,c,p,q] / size of the cell (p, q) over all cells of adaptive_avg_pool_forward that hold the pixel.
// Layout: channels last, row strides dyRowStride and dxRowStride.
// Workgroup: any; invocations stride over `count` elements (groups of four where `wide`) of dx.
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "pixel.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool accumulate = false;
// Known when the pipeline is made, so that dividing by them is a multiplication.
layout(constant_id = 3) const uint height = 1;
layout(constant_id = 4) const uint width = 1;
layout(constant_id = 5) const uint out_height = 1;
layout(constant_id = 6) const uint out_width = 1;

layout(push_constant, scalar) uniform Push {
    Const dy;
    Tensor dx;
    uint count, channels;
    uint dyRowStride, dxRowStride;
};

// Pixels of a cell along one axis.
uint cell(uint p, uint extent, uint outputs) {
    return ((p + 1) * extent + outputs - 1) / outputs - p * extent / outputs;
}

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, height, width, row);
        // Cell p holds row h where floor(p*height/out_height) <= h < ceil((p+1)*height/out_height).
        uint p0 = at.p * out_height / height, p1 = ((at.p + 1) * out_height + height - 1) / height;
        uint q0 = at.q * out_width / width, q1 = ((at.q + 1) * out_width + width - 1) / width;
        vec4 sum = vec4(0);
        for (uint p = p0; p < p1; ++p) {
            uint line = (at.n * out_height + p) * out_width, rows = cell(p, height, out_height);
            for (uint q = q0; q < q1; ++q)
                sum += load(dy, (line + q) * dyRowStride + at.c) / float(rows * cell(q, width, out_width));
        }
        addTo(dx, row * dxRowStride + at.c, sum, accumulate);
    }
}

// y = x, from half to float: what leaves a network that runs in half precision, and what a softmax at its end reads.
// Layout: x and y of one shape, walked along one or two axes (innermost first), row strides their own; y is float always.
// Workgroup: any; invocations stride over `count`.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const uint rank = 1;

layout(push_constant, scalar) uniform Push {
    Const x;
    TensorFloat y;
    uint count;
    uint extent0;
    uint xStride0, xStride1;
    uint yStride0, yStride1;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint column = i, row = 0;
        if (rank > 1) {
            row = i / extent0;
            column = i - row * extent0;
        }
        storeFloat(y, column * yStride0 + row * yStride1, load(x, column * xStride0 + row * xStride1));
    }
}

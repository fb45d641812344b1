// y[i] = x[i], or += x[i], over an index space of up to 6 axes (innermost first), each array with its own strides:
// transpose, reshape between layouts, the copy of a concat, and their gradients. x and y begin xOffset and yOffset into their tensors.
// Workgroup: any; invocations stride over `count`.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const uint rank = 1;
layout(constant_id = 3) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count;
    uint extent0, extent1, extent2, extent3, extent4;
    uint xStride0, xStride1, xStride2, xStride3, xStride4, xStride5;
    uint yStride0, yStride1, yStride2, yStride3, yStride4, yStride5;
    uint xOffset, yOffset;
};

void main() {
    const uint extent[5] = uint[](extent0, extent1, extent2, extent3, extent4);
    const uint xStride[6] = uint[](xStride0, xStride1, xStride2, xStride3, xStride4, xStride5);
    const uint yStride[6] = uint[](yStride0, yStride1, yStride2, yStride3, yStride4, yStride5);
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint rest = i, from = xOffset, to = yOffset;
        [[unroll]] for (uint axis = 0; axis < 5; ++axis) {
            if (axis + 1 < rank) {
                uint quotient = rest / extent[axis], digit = rest - quotient * extent[axis];
                from += digit * xStride[axis];
                to += digit * yStride[axis];
                rest = quotient;
            }
        }
        addTo(y, to + rest * yStride[rank - 1], load(x, from + rest * xStride[rank - 1]), accumulate);
    }
}

// y[i] = x[i - before] where that is inside x along every axis, `value` elsewhere; a negative `before` crops. A gradient is moved back
// in the same way, and perhaps added to what y holds.
// Layout: up to 5 axes (innermost first), the innermost contiguous in both arrays.
// Workgroup: any; invocations stride over `count` elements (groups of four where `wide`) of y.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const uint rank = 4;
layout(constant_id = 3) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count;
    float value;
    uint yExtent0, yExtent1, yExtent2, yExtent3, yExtent4;
    uint xExtent0, xExtent1, xExtent2, xExtent3, xExtent4;
    int before0, before1, before2, before3, before4;
    uint xStride1, xStride2, xStride3, xStride4;
    uint yStride1, yStride2, yStride3, yStride4;
};

void main() {
    const uint yExtent[5] = uint[](yExtent0, yExtent1, yExtent2, yExtent3, yExtent4);
    const uint xExtent[5] = uint[](xExtent0, xExtent1, xExtent2, xExtent3, xExtent4);
    const int before[5] = int[](before0, before1, before2, before3, before4);
    const uint xStride[5] = uint[](1, xStride1, xStride2, xStride3, xStride4);
    const uint yStride[5] = uint[](1, yStride1, yStride2, yStride3, yStride4);
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint rest = i, from = 0, to = 0;
        bool inside = true;
        [[unroll]] for (uint axis = 0; axis < 5; ++axis) {
            if (axis < rank) {
                uint quotient = rest / yExtent[axis], digit = rest - quotient * yExtent[axis];
                // Before the first element the difference wraps to a huge number, which is outside too.
                uint source = digit - uint(before[axis]);
                inside = inside && source < xExtent[axis];
                from += source * xStride[axis];
                to += digit * yStride[axis];
                rest = quotient;
            }
        }
        vec4 v = vec4(value);
        if (inside) v = load(x, from);
        addTo(y, to, v, accumulate);
    }
}

// y = a + b, a - b, a * b or a / b (operation 0 to 3) with broadcasting: an operand that stretches along an axis has stride 0 there.
// Layout: an index space of up to 5 axes (innermost first), each array with its own strides.
// An operand that stays on one element along the innermost axis is a splat: its strides count elements even where `wide`.
// Workgroup: any; invocations stride over `count`.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const uint rank = 1;
layout(constant_id = 3) const uint operation = 0;
layout(constant_id = 4) const bool splat_a = false;
layout(constant_id = 5) const bool splat_b = false;

layout(push_constant, scalar) uniform Push {
    Const a;
    Const b;
    Tensor y;
    uint count;
    uint extent0, extent1, extent2, extent3;
    uint aStride0, aStride1, aStride2, aStride3, aStride4;
    uint bStride0, bStride1, bStride2, bStride3, bStride4;
    uint yStride0, yStride1, yStride2, yStride3, yStride4;
};

vec4 compute(vec4 p, vec4 q) {
    switch (operation) {
        case 0: return p + q;
        case 1: return p - q;
        case 2: return p * q;
        default: return p / q;
    }
}

void main() {
    const uint extent[4] = uint[](extent0, extent1, extent2, extent3);
    const uint aStride[5] = uint[](aStride0, aStride1, aStride2, aStride3, aStride4);
    const uint bStride[5] = uint[](bStride0, bStride1, bStride2, bStride3, bStride4);
    const uint yStride[5] = uint[](yStride0, yStride1, yStride2, yStride3, yStride4);
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint rest = i, ia = 0, ib = 0, iy = 0;
        [[unroll]] for (uint axis = 0; axis < 4; ++axis) {
            if (axis + 1 < rank) {
                uint quotient = rest / extent[axis], digit = rest - quotient * extent[axis];
                ia += digit * aStride[axis];
                ib += digit * bStride[axis];
                iy += digit * yStride[axis];
                rest = quotient;
            }
        }
        ia += rest * aStride[rank - 1];
        ib += rest * bStride[rank - 1];
        iy += rest * yStride[rank - 1];
        vec4 p = splat_a ? vec4(float(a.at[ia])) : load(a, ia);
        vec4 q = splat_b ? vec4(float(b.at[ib])) : load(b, ib);
        store(y, iy, compute(p, q));
    }
}

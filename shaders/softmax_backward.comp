// dx (+)= y * (dy - sum of dy*y along the axis), y the softmax: lines of `lineLength` along one axis.
// Layout: lines along up to 4 other axes (innermost first), elements of a line yStep, dyStep and dxStep apart. dx may be dy.
// Workgroup: one per line, `count` lines strided over; each invocation takes every gl_WorkGroupSize.x-th element.
#version 460
#include "tensor.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint rank = 1;
layout(constant_id = 2) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const y, dy;
    Tensor dx;
    uint count;
    uint extent0, extent1, extent2;
    uint yStride0, yStride1, yStride2, yStride3;
    uint dyStride0, dyStride1, dyStride2, dyStride3;
    uint dxStride0, dxStride1, dxStride2, dxStride3;
    uint lineLength, yStep, dyStep, dxStep;
};

// One value per invocation. Everyone then sums all of them, in one order.
shared float sumOf[gl_WorkGroupSize.x];

void main() {
    const uint extent[3] = uint[](extent0, extent1, extent2);
    const uint yStride[4] = uint[](yStride0, yStride1, yStride2, yStride3);
    const uint dyStride[4] = uint[](dyStride0, dyStride1, dyStride2, dyStride3);
    const uint dxStride[4] = uint[](dxStride0, dxStride1, dxStride2, dxStride3);
    for (uint line = gl_WorkGroupID.x; line < count; line += gl_NumWorkGroups.x) {
        uint rest = line, ofY = 0, from = 0, to = 0;
        [[unroll]] for (uint axis = 0; axis < 4; ++axis) {
            if (axis < rank) {
                uint quotient = axis + 1 < rank ? rest / extent[min(axis, 2)] : 0, digit = axis + 1 < rank ? rest - quotient * extent[min(axis, 2)] : rest;
                ofY += digit * yStride[axis];
                from += digit * dyStride[axis];
                to += digit * dxStride[axis];
                rest = quotient;
            }
        }
        float sum = 0;
        for (uint i = gl_LocalInvocationID.x; i < lineLength; i += gl_WorkGroupSize.x) sum += float(y.at[ofY + i * yStep]) * float(dy.at[from + i * dyStep]);
        // Somebody may still read the sums of the line before.
        barrier();
        sumOf[gl_LocalInvocationID.x] = sum;
        barrier();
        sum = 0;
        for (uint i = 0; i < gl_WorkGroupSize.x; ++i) sum += sumOf[i];
        for (uint i = gl_LocalInvocationID.x; i < lineLength; i += gl_WorkGroupSize.x) {
            float gradient = float(y.at[ofY + i * yStep]) * (float(dy.at[from + i * dyStep]) - sum);
            if (accumulate) gradient += float(dx.at[to + i * dxStep]);
            dx.at[to + i * dxStep] = ELEMENT(gradient);
        }
    }
}

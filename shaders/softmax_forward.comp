// y = e^(x - m) / sum of e^(x - m) along one axis of `lineLength`, m the largest x of the line; a NaN makes its line NaN.
// Layout: lines along up to 4 other axes (innermost first), elements of a line xStep and yStep apart. y may be x.
// Workgroup: one per line, `count` lines strided over; each invocation takes every gl_WorkGroupSize.x-th element.
#version 460
#include "tensor.glsl"
#include "exponential.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint rank = 1;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count;
    uint extent0, extent1, extent2;
    uint xStride0, xStride1, xStride2, xStride3;
    uint yStride0, yStride1, yStride2, yStride3;
    uint lineLength, xStep, yStep;
};

// One value per invocation. Everyone then reduces all of them, in one order: two barriers a line, where a tree needs many.
shared float largestOf[gl_WorkGroupSize.x];
shared float sumOf[gl_WorkGroupSize.x];

void main() {
    const uint extent[3] = uint[](extent0, extent1, extent2);
    const uint xStride[4] = uint[](xStride0, xStride1, xStride2, xStride3);
    const uint yStride[4] = uint[](yStride0, yStride1, yStride2, yStride3);
    for (uint line = gl_WorkGroupID.x; line < count; line += gl_NumWorkGroups.x) {
        uint rest = line, from = 0, to = 0;
        [[unroll]] for (uint axis = 0; axis < 3; ++axis) {
            if (axis + 1 < rank) {
                uint quotient = rest / extent[axis], digit = rest - quotient * extent[axis];
                from += digit * xStride[axis];
                to += digit * yStride[axis];
                rest = quotient;
            }
        }
        from += rest * xStride[rank - 1];
        to += rest * yStride[rank - 1];

        float largest = uintBitsToFloat(0xff800000u);
        for (uint i = gl_LocalInvocationID.x; i < lineLength; i += gl_WorkGroupSize.x) largest = max(largest, float(x.at[from + i * xStep]));
        largestOf[gl_LocalInvocationID.x] = largest;
        barrier();
        for (uint i = 0; i < gl_WorkGroupSize.x; ++i) largest = max(largest, largestOf[i]);

        float sum = 0;
        for (uint i = gl_LocalInvocationID.x; i < lineLength; i += gl_WorkGroupSize.x) {
            float e = exponential(float(x.at[from + i * xStep]) - largest);
            y.at[to + i * yStep] = ELEMENT(e);
            sum += e;
        }
        sumOf[gl_LocalInvocationID.x] = sum;
        barrier();
        sum = 0;
        for (uint i = 0; i < gl_WorkGroupSize.x; ++i) sum += sumOf[i];
        for (uint i = gl_LocalInvocationID.x; i < lineLength; i += gl_WorkGroupSize.x) y.at[to + i * yStep] = ELEMENT(float(y.at[to + i * yStep]) / sum);
    }
}

// y[m,o] = clamp(b[o] + sum over s < slices of parts[s,m,o]), in the order of s; with `accumulate` added to what is there.
// The last step of a convolution whose sum was split: each slice is a convolution of its own, without bias and clamp.
// Layout: parts dense; rows of y yRowStride apart.
// Workgroup: any; invocations stride over the elements of y.
#version 460
#include "tensor.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool biased = true;
layout(constant_id = 2) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const parts;
    Const b;
    Tensor y;
    uint pixels, outputs, slices, yRowStride;
    float low, high;
};

void main() {
    uint count = pixels * outputs;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint m = i / outputs, o = i - m * outputs, at = m * yRowStride + o;
        float sum = biased ? b.at[o] : 0;
        for (uint s = 0; s < slices; ++s) sum += parts.at[s * count + i];
        // NaN passes.
        sum = sum < low ? low : sum;
        sum = sum > high ? high : sum;
        if (accumulate) sum += y.at[at];
        y.at[at] = sum;
    }
}

// sums[g,j] = sum over k < perGroup of parts[g*perGroup + k, j], in the order of k; with `accumulate` added to what is there.
// The last steps of a gradient that was summed in slices: parts has `slices` rows of `count` elements, sums as many as there are groups.
// Layout: dense.
// Workgroup: any; invocations stride over the elements of sums.
#version 460
#include "tensor.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const parts;
    Tensor sums;
    uint count, slices, perGroup;
};

void main() {
    uint groups = (slices + perGroup - 1) / perGroup;
    for (uint i = gl_GlobalInvocationID.x; i < groups * count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint g = i / count, j = i - g * count;
        uint end = min((g + 1) * perGroup, slices);
        float sum = 0;
        for (uint k = g * perGroup; k < end; ++k) sum += parts.at[k * count + j];
        if (accumulate) sum += sums.at[i];
        sums.at[i] = sum;
    }
}

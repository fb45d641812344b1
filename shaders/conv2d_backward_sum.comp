// sums[j] = sum over k < slices of parts[k*count + j], in the order of k; with `accumulate` added to what is there.
// Layout: dense. The last step of a gradient that was summed in slices. `count` in groups of four where `wide`.
// Workgroup: any; invocations stride over `count`.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const parts;
    Tensor sums;
    uint count, slices;
};

void main() {
    for (uint j = gl_GlobalInvocationID.x; j < count; j += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        vec4 sum = vec4(0);
        for (uint k = 0; k < slices; ++k) sum += load(parts, k * count + j);
        if (accumulate) sum += load(Const(uvec2(sums)), j);
        store(sums, j, sum);
    }
}

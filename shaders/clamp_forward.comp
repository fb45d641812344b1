// y = min(max(x, low), high); NaN passes. ReLU is [0, inf), ReLU6 [0, 6].
// Layout: x and y of one shape, walked along one or two axes (innermost first), row strides their own.
// Workgroup: any; invocations stride over `count`.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const uint rank = 1;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count;
    uint extent0;
    uint xStride0, xStride1;
    uint yStride0, yStride1;
    float32_t low, high;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint column = i, row = 0;
        if (rank > 1) {
            row = i / extent0;
            column = i - row * extent0;
        }
        vec4 v = load(x, column * xStride0 + row * xStride1);
        // Comparisons with NaN are false, so NaN stays.
        v = mix(v, vec4(low), lessThan(v, vec4(low)));
        v = mix(v, vec4(high), greaterThan(v, vec4(high)));
        store(y, column * yStride0 + row * yStride1, v);
    }
}

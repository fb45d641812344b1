// dx (+)= dy where low < y < high, 0 where y lies at a bound; where y is NaN the gradient passes.
// Layout: dx, dy and y of one shape, walked along one or two axes (innermost first), row strides their own. dx may be dy.
// Workgroup: any; invocations stride over `count`.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const uint rank = 1;
layout(constant_id = 3) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const dy, y;
    Tensor dx;
    uint count;
    uint extent0;
    uint dyStride0, dyStride1;
    uint yStride0, yStride1;
    uint dxStride0, dxStride1;
    float32_t low, high;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint column = i, row = 0;
        if (rank > 1) {
            row = i / extent0;
            column = i - row * extent0;
        }
        vec4 v = load(y, column * yStride0 + row * yStride1);
        vec4 gradient = load(dy, column * dyStride0 + row * dyStride1);
        gradient = mix(gradient, vec4(0), lessThanEqual(v, vec4(low)));
        gradient = mix(gradient, vec4(0), greaterThanEqual(v, vec4(high)));
        addTo(dx, column * dxStride0 + row * dxStride1, gradient, accumulate);
    }
}

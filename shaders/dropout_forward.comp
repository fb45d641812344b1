// y (+)= x * scale where u >= rate, 0 elsewhere, scale = 1/(1 - rate); the gradient is the same with dy and dx. y may be x.
// u, uniform in [0, 1), is a function of the run's seed, the step, the node's stream and the element's number in the dense tensor
// (rows one behind the other): word number % 4 of Philox at the counter (number / 4, 2^32 - 1, stream, step). The second word is one that
// no stream of the host reaches. So nothing is stored, and where the tensor lies does not matter.
// Layout: rows of `rowLength`, row strides xRowStride and yRowStride.
// Workgroup: any; invocations stride over `count` elements (groups of four where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "step.glsl"
#include "philox.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    Step step;
    uint count, rowLength;
    uint xRowStride, yRowStride;
    uint stream;
    float rate, scale;
};

void main() {
    uvec2 key = step.seed;
    uint number = step.number;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row = i / rowLength, column = i - row * rowLength;
        vec4 u = uniformOf(philox(key, uvec4(wide ? i : i / 4, 0xFFFFFFFFu, stream, number)));
        if (!wide) u.x = u[i % 4];
        vec4 v = mix(vec4(0), load(x, row * xRowStride + column) * scale, greaterThanEqual(u, vec4(rate)));
        addTo(y, row * yRowStride + column, v, accumulate);
    }
}

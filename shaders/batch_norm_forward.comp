// y = min(max((x - mean)/sqrt(variance + epsilon) * w + b, low), high) per channel, by running statistics (1502.03167, algorithm 2); NaN passes.
// Layout: channels last, row strides xRowStride and yRowStride; w, b, mean, variance of `channels`; w and b are read where `affine`.
// Workgroup: any; invocations stride over `count` elements (groups of four channels where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool affine = true;

layout(push_constant, scalar) uniform Push {
    Const x;
    ConstFloat w, b, mean, variance;
    Tensor y;
    uint count, channels;
    uint xRowStride, yRowStride;
    float epsilon, low, high;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row = i / channels, c = i - row * channels;
        vec4 v = (load(x, row * xRowStride + c) - loadFloat(mean, c)) / sqrt(loadFloat(variance, c) + epsilon);
        if (affine) v = v * loadFloat(w, c) + loadFloat(b, c);
        v = mix(v, vec4(low), lessThan(v, vec4(low)));
        v = mix(v, vec4(high), greaterThan(v, vec4(high)));
        store(y, row * yRowStride + c, v);
    }
}

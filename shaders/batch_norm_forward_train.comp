// y = min(max((x - mean) * w * inverseDeviation + b, low), high) per channel, by the statistics of the batch (1502.03167, algorithm 1); NaN passes.
// Layout: x and y of `rows` by `channels`, row strides their own; w, b, mean, inverseDeviation of `channels`; w and b are read where `affine`.
// Workgroup: any; invocations stride over `count` = parts * channels (groups of four channels where `wide`), each for rowsPerPart rows.
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "batch_norm.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool affine = true;

layout(push_constant, scalar) uniform Push {
    Const x;
    ConstFloat w, b, mean, inverseDeviation;
    Tensor y;
    uint count, channels;
    uint xRowStride, yRowStride;
    uint rows, rowsPerPart;
    float32_t low, high;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint part;
        Part at = partOf(i, channels, rows, rowsPerPart, part);
        vec4 weight = vec4(1), bias = vec4(0);
        if (affine) {
            weight = loadFloat(w, at.c);
            bias = loadFloat(b, at.c);
        }
        vec4 center = loadFloat(mean, at.c), scale = scaleOf(loadFloat(inverseDeviation, at.c), weight);
        for (uint row = at.first; row < at.last; ++row) {
            vec4 z = normalized(load(x, row * xRowStride + at.c), center, scale, bias);
            z = mix(z, vec4(low), lessThan(z, vec4(low)));
            z = mix(z, vec4(high), greaterThan(z, vec4(high)));
            store(y, row * yRowStride + at.c, z);
        }
    }
}

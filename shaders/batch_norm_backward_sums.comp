// Per channel and part of the rows: sum of g and of g * (x - mean), to partials[part][0 or 1][channel]; g is dy, or 0 where the clamp cut.
// Layout: x and dy of `rows` by `channels`, row strides their own; partials dense; w and b are read where `clamped` and `affine`.
// Workgroup: any; invocations stride over `count` = parts * channels (groups of four channels where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "batch_norm.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool affine = true;
layout(constant_id = 3) const bool clamped = false;

layout(push_constant, scalar) uniform Push {
    Const x, dy;
    ConstFloat w, b, mean, inverseDeviation;
    TensorFloat partials;
    uint count, channels;
    uint xRowStride, dyRowStride;
    uint rows, rowsPerPart;
    float32_t low, high;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint part;
        Part at = partOf(i, channels, rows, rowsPerPart, part);
        vec4 weight = vec4(1), bias = vec4(0);
        if (affine && clamped) {
            weight = loadFloat(w, at.c);
            bias = loadFloat(b, at.c);
        }
        vec4 center = loadFloat(mean, at.c), scale = clamped ? scaleOf(loadFloat(inverseDeviation, at.c), weight) : vec4(1);
        vec4 sum = vec4(0), products = vec4(0);
        for (uint row = at.first; row < at.last; ++row) {
            vec4 v = load(x, row * xRowStride + at.c), g = load(dy, row * dyRowStride + at.c);
            if (clamped) g = unclamped(g, normalized(v, center, scale, bias), low, high);
            sum += g;
            products += g * (v - center);
        }
        storeFloat(partials, 2 * part * channels + at.c, sum);
        storeFloat(partials, (2 * part + 1) * channels + at.c, products);
    }
}

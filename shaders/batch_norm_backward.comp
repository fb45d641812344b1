// dx (+)= w * inverseDeviation * (g - moments[0] - (x - mean) * moments[1]) per channel (1502.03167, section 3); g is dy, or 0 where the clamp cut.
// Layout: x, dy and dx of `rows` by `channels`, row strides their own; moments of batch_norm_backward_total. dx may be dy.
// Workgroup: any; invocations stride over `count` = parts * channels (groups of four channels where `wide`), each for rowsPerPart rows.
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "batch_norm.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool accumulate = false;
layout(constant_id = 3) const bool affine = true;
layout(constant_id = 4) const bool clamped = false;

layout(push_constant, scalar) uniform Push {
    Const x, dy;
    ConstFloat w, b, mean, inverseDeviation, moments;
    Tensor dx;
    uint count, channels;
    uint xRowStride, dyRowStride, dxRowStride;
    uint rows, rowsPerPart;
    float32_t low, high;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint part;
        Part at = partOf(i, channels, rows, rowsPerPart, part);
        vec4 weight = vec4(1), bias = vec4(0);
        if (affine) weight = loadFloat(w, at.c);
        if (affine && clamped) bias = loadFloat(b, at.c);
        vec4 center = loadFloat(mean, at.c), scale = scaleOf(loadFloat(inverseDeviation, at.c), weight);
        vec4 average = loadFloat(moments, at.c), slope = loadFloat(moments, channels + at.c);
        for (uint row = at.first; row < at.last; ++row) {
            vec4 v = load(x, row * xRowStride + at.c), g = load(dy, row * dyRowStride + at.c);
            if (clamped) g = unclamped(g, normalized(v, center, scale, bias), low, high);
            addTo(dx, row * dxRowStride + at.c, scale * (g - average - (v - center) * slope), accumulate);
        }
    }
}

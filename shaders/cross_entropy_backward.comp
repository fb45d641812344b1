// dx[n,c] (+)= weight * lossScale / sum of w[y] * (p[c]*((1-e)*w[y] + e/C * sum of w) - (1-e)*w[y]*[c = y] - e/C*w[c]), e = smoothing, y the label of
// image n, p = e^(x - max x) / sum from the stats of cross_entropy_forward; 0 for a label outside the classes.
// Layout: x and dx of images by `classes`, row strides their own; stats of 2 a row; total of cross_entropy_total. w is read where `class_weights`.
// Workgroup: any; invocations stride over `count` elements.
#version 460
#include "tensor.glsl"
#include "exponential.glsl"
#include "label.glsl"
#include "step.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool accumulate = false;
layout(constant_id = 2) const bool class_weights = false;

layout(push_constant, scalar) uniform Push {
    Const x;
    Labels label;
    ConstFloat w, stats, total;
    Step step;
    Tensor dx;
    uint count, classes;
    uint xRowStride, statsRowStride, dxRowStride;
    float weight, smoothing;
};

void main() {
    float scale = weight * step.lossScale * total.at[0], even = smoothing / float(classes);
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint n = i / classes, c = i - n * classes, at = n * dxRowStride + c;
        int y = label.at[n];
        float gradient = 0;
        if (counts(y, classes)) {
            float p = exponential(float(x.at[n * xRowStride + c]) - stats.at[n * statsRowStride]) * stats.at[n * statsRowStride + 1];
            float own = (1 - smoothing) * (class_weights ? w.at[y] : 1);
            gradient = p * (own + even * total.at[1]) - even * (class_weights ? w.at[c] : 1);
            if (c == uint(y)) gradient -= own;
            gradient *= scale;
        }
        if (accumulate) gradient += float(dx.at[at]);
        dx.at[at] = ELEMENT(gradient);
    }
}

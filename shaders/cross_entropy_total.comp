// y = (sum of losses / sum of weights, correct images, images that count) from the terms of cross_entropy_forward; 0 where no image counts.
// total = (1 / sum of weights, or 0; sum of w[c], or `classes` without `class_weights`, when w is not read).
// Layout: terms of 4 per image, dense.
// Workgroup: one, of any size; each invocation takes every gl_WorkGroupSize.x-th image, so the order of the sums follows from the size alone.
#version 460
#include "tensor.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool class_weights = false;

layout(push_constant, scalar) uniform Push {
    Const4 terms;
    Const w;
    Tensor y, total;
    uint count, classes;
};

shared vec4 sumOf[gl_WorkGroupSize.x];
shared float weightOf[gl_WorkGroupSize.x];

void main() {
    uint lane = gl_LocalInvocationID.x;
    vec4 sum = vec4(0);
    for (uint n = lane; n < count; n += gl_WorkGroupSize.x) sum += terms.at[n];
    float weight = 0;
    if (class_weights)
        for (uint c = lane; c < classes; c += gl_WorkGroupSize.x) weight += w.at[c];
    sumOf[lane] = sum;
    weightOf[lane] = weight;
    barrier();
    if (lane > 0) return;
    for (uint i = 1; i < gl_WorkGroupSize.x; ++i) {
        sum += sumOf[i];
        weight += weightOf[i];
    }
    float share = sum.w > 0 ? 1 / sum.y : 0;
    y.at[0] = sum.w > 0 ? sum.x / sum.y : 0;
    y.at[1] = sum.z;
    y.at[2] = sum.w;
    total.at[0] = share;
    total.at[1] = class_weights ? weight : float(classes);
}

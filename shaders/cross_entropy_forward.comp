// Of image n with logits x and label y, p = softmax(x), e = smoothing: stats[n] = (max x, 1/sum of e^(x - max x)); terms[n] = (loss, w[y], 1 where
// the largest logit, the first of equal ones, is the label's, 1), loss = -(1-e)*w[y]*ln p[y] - e/C * sum of w[c]*ln p[c]; zeros for a label
// outside the classes. w is 1 without `class_weights` (then it is not read).
// Layout: x of images by `classes`, row stride xRowStride; label 32-bit integers; stats of 2 a row, statsRowStride apart; terms of 4, dense.
// Workgroup: one per image, `count` images strided over; each invocation takes every gl_WorkGroupSize.x-th class.
#version 460
#include "tensor.glsl"
#include "exponential.glsl"
#include "label.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool class_weights = false;
layout(constant_id = 2) const bool smooth_labels = false;

layout(push_constant, scalar) uniform Push {
    Const x;
    Labels label;
    ConstFloat w;
    TensorFloat stats;
    TensorFloat4 terms;
    uint count, classes;
    uint xRowStride, statsRowStride;
    float smoothing;
};

// One value per invocation. Everyone then reduces all of them, in one order: two barriers an image, where a tree needs many.
shared float largestOf[gl_WorkGroupSize.x];
shared uint whereOf[gl_WorkGroupSize.x];
shared vec3 sumsOf[gl_WorkGroupSize.x];

void main() {
    uint lane = gl_LocalInvocationID.x;
    for (uint n = gl_WorkGroupID.x; n < count; n += gl_NumWorkGroups.x) {
        uint first = n * xRowStride;
        float largest = uintBitsToFloat(0xff800000u);
        uint where = 0;
        for (uint c = lane; c < classes; c += gl_WorkGroupSize.x) {
            float v = float(x.at[first + c]);
            if (v > largest) {
                largest = v;
                where = c;
            }
        }
        largestOf[lane] = largest;
        whereOf[lane] = where;
        barrier();
        for (uint i = 0; i < gl_WorkGroupSize.x; ++i) {
            bool earlier = largestOf[i] == largest && whereOf[i] < where;
            if (largestOf[i] > largest || earlier) {
                largest = largestOf[i];
                where = whereOf[i];
            }
        }

        // The sum of exponentials, of weights, and of weighted logits under the largest.
        vec3 sums = vec3(0);
        for (uint c = lane; c < classes; c += gl_WorkGroupSize.x) {
            float v = float(x.at[first + c]) - largest;
            sums.x += exponential(v);
            if (smooth_labels) {
                float weight = class_weights ? w.at[c] : 1;
                sums.y += weight;
                sums.z += weight * v;
            }
        }
        sumsOf[lane] = sums;
        barrier();
        sums = vec3(0);
        for (uint i = 0; i < gl_WorkGroupSize.x; ++i) sums += sumsOf[i];

        if (lane == 0) {
            stats.at[n * statsRowStride] = largest;
            stats.at[n * statsRowStride + 1] = 1 / sums.x;
            int y = label.at[n];
            vec4 term = vec4(0);
            if (counts(y, classes)) {
                float weight = class_weights ? w.at[y] : 1, logOfSum = logarithm(sums.x);
                float loss = (1 - smoothing) * weight * (logOfSum - (float(x.at[first + uint(y)]) - largest));
                if (smooth_labels) loss += smoothing / float(classes) * (sums.y * logOfSum - sums.z);
                term = vec4(loss, weight, where == uint(y) ? 1 : 0, 1);
            }
            terms.at[n] = term;
        }
    }
}

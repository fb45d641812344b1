// From the partials of batch_norm_backward_sums: db (+)= sum of g, dw (+)= sum of g*(x - mean) * inverseDeviation, and what batch_norm_backward
// takes away per channel: moments[0] = sum of g / rows, moments[1] = sum of g*(x - mean) / rows * inverseDeviation^2.
// Layout: partials [part][2][channel] and moments [2][channel], dense; dw and db are written where `with_w` and `with_b`.
// Workgroup: one per channel (group of four where `wide`), `channels` strided over; each invocation takes every gl_WorkGroupSize.x-th part,
// so the order of the sums follows from the size alone.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool with_w = true;
layout(constant_id = 3) const bool with_b = true;
layout(constant_id = 4) const bool accumulate_w = false;
layout(constant_id = 5) const bool accumulate_b = false;

layout(push_constant, scalar) uniform Push {
    Const partials, inverseDeviation;
    Tensor moments, dw, db;
    uint channels;
    uint rows, parts;
};

shared vec4 sumOf[gl_WorkGroupSize.x];
shared vec4 productOf[gl_WorkGroupSize.x];

void main() {
    uint lane = gl_LocalInvocationID.x, used = min(gl_WorkGroupSize.x, parts);
    for (uint c = gl_WorkGroupID.x; c < channels; c += gl_NumWorkGroups.x) {
        vec4 sum = vec4(0), products = vec4(0);
        for (uint part = lane; part < parts; part += gl_WorkGroupSize.x) {
            sum += load(partials, 2 * part * channels + c);
            products += load(partials, (2 * part + 1) * channels + c);
        }
        // The first invocation may still read the sums of the channel before.
        barrier();
        sumOf[lane] = sum;
        productOf[lane] = products;
        barrier();
        if (lane > 0) continue;
        for (uint i = 1; i < used; ++i) {
            sum += sumOf[i];
            products += productOf[i];
        }
        vec4 inverse = load(inverseDeviation, c);
        store(moments, c, sum / float(rows));
        store(moments, channels + c, products / float(rows) * inverse * inverse);
        if (with_w) addTo(dw, c, products * inverse, accumulate_w);
        if (with_b) addTo(db, c, sum, accumulate_b);
    }
}

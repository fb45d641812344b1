// mean and 1/sqrt(variance + epsilon) per channel over all rows (variance divided by their number), from the partials of batch_norm_statistics;
// with `update` the running statistics move by `momentum` towards mean and variance (divided by the number less one, as PyTorch has it).
// Layout: partials [part][mean, M2][channel], dense; the others of `channels`.
// Workgroup: one per channel (group of four where `wide`), `channels` strided over; each invocation takes every gl_WorkGroupSize.x-th part,
// so the order of the sums follows from the size alone.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool update = true;

layout(push_constant, scalar) uniform Push {
    Const partials;
    Tensor mean, inverseDeviation, runningMean, runningVariance;
    uint channels;
    uint rows, rowsPerPart, parts;
    float epsilon, momentum;
};

shared vec4 shiftOf[gl_WorkGroupSize.x];
shared vec4 squaresOf[gl_WorkGroupSize.x];

float rowsOf(uint part) {
    return float(min((part + 1) * rowsPerPart, rows) - part * rowsPerPart);
}

void main() {
    uint lane = gl_LocalInvocationID.x, used = min(gl_WorkGroupSize.x, parts);
    for (uint c = gl_WorkGroupID.x; c < channels; c += gl_NumWorkGroups.x) {
        // Means relative to the first part's, for the same reason as in each part.
        vec4 pivot = load(partials, c), shift = vec4(0);
        for (uint part = lane; part < parts; part += gl_WorkGroupSize.x)
            shift += rowsOf(part) * (load(partials, 2 * part * channels + c) - pivot);
        shiftOf[lane] = shift;
        barrier();
        shift = vec4(0);
        for (uint i = 0; i < used; ++i) shift += shiftOf[i];
        vec4 center = pivot + shift / float(rows);

        vec4 squares = vec4(0);
        for (uint part = lane; part < parts; part += gl_WorkGroupSize.x) {
            vec4 away = load(partials, 2 * part * channels + c) - center;
            squares += load(partials, (2 * part + 1) * channels + c) + rowsOf(part) * away * away;
        }
        squaresOf[lane] = squares;
        barrier();
        if (lane > 0) continue;
        for (uint i = 1; i < used; ++i) squares += squaresOf[i];
        store(mean, c, center);
        store(inverseDeviation, c, 1 / sqrt(squares / float(rows) + epsilon));
        if (update) {
            store(runningMean, c, mix(load(Const(uvec2(runningMean)), c), center, momentum));
            store(runningVariance, c, mix(load(Const(uvec2(runningVariance)), c), squares / float(rows - 1), momentum));
        }
    }
}

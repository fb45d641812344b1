// Per channel and part of the rows: mean and sum of squares around it (M2), to partials[part][0 or 1][channel]. Sums are taken around the part's
// first element, so that a mean far from zero costs no digits (Chan, Golub and LeVeque, "Algorithms for computing the sample variance", 1983).
// Layout: x of `rows` by `channels`, row stride xRowStride; partials dense.
// Workgroup: any; invocations stride over `count` = parts * channels (groups of four channels where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "batch_norm.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    Const x;
    TensorFloat partials;
    uint count, channels;
    uint xRowStride;
    uint rows, rowsPerPart;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint part;
        Part at = partOf(i, channels, rows, rowsPerPart, part);
        vec4 pivot = load(x, at.first * xRowStride + at.c), sum = vec4(0), squares = vec4(0);
        for (uint row = at.first + 1; row < at.last; ++row) {
            vec4 v = load(x, row * xRowStride + at.c) - pivot;
            sum += v;
            squares += v * v;
        }
        vec4 shift = sum / float(at.last - at.first);
        storeFloat(partials, 2 * part * channels + at.c, pivot + shift);
        storeFloat(partials, (2 * part + 1) * channels + at.c, squares - sum * shift);
    }
}

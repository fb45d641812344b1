// The gradient before the clamp, in place, and its sums per channel:
// dy[m,c] = y[m,c] <= low or y[m,c] >= high ? 0 : dy[m,c] (as PyTorch: NaN in y lets the gradient pass); sums[k,c] = sum over the rows m of slice k of dy[m,c].
// Layout: dy and y rows of `columns` channels, row strides their own; sums dense. Slice k is rows k*sliceRows to (k+1)*sliceRows.
// Without `masked` y is not read and dy not written; without `summed` nothing is written to sums. `floored` and `capped` say
// which ends the range has: infinite values are not clamped by an infinite end. With `accumulate` the sums are added to what is there.
// An invocation takes one channel through a slice. With PAIRS eight of them, a processor's vector, take a whole slice, `unrolled` rows at a time
// and all channels of these, so that memory is read in order; two channels each where `even` (columns, strides, alignments).
// Workgroup: a multiple of eight; invocations stride over slices and channels.
#version 460
#include "tensor.glsl"
#include "groups.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool summed = true;
layout(constant_id = 5) const bool accumulate = false;
layout(constant_id = 6) const uint unrolled = 16;
layout(constant_id = 7) const bool even = false;

layout(push_constant, scalar) uniform Push {
    Tensor dy;
    Const y;
    TensorFloat sums;
    uint rows, columns, slices, sliceRows;
    uint dyRowStride, yRowStride;
    float32_t low, high;
};

#include "masking.glsl"

#ifdef PAIRS
#define PART vec2

vec2 loadPart(Const x, uint e) { return even ? loadPair(x, e / 2) : vec2(x.at[e], 0); }

void storePart(Tensor x, uint e, vec2 value) {
    if (even) storePair(x, e / 2, value);
    else x.at[e] = value.x;
}
#else
#define PART float

float loadPart(Const x, uint e) { return float(x.at[e]); }

void storePart(Tensor x, uint e, float value) { x.at[e] = ELEMENT(value); }
#endif

// Masks `count` rows from m on, and adds them in order.
PART addRows(PART sum, uint m, uint c, const uint count) {
    // All loads before all stores, so that they wait together.
    PART gradient[unrolled];
    [[unroll]] for (uint k = 0; k < count; ++k) gradient[k] = loadPart(Const(uvec2(dy)), (m + k) * dyRowStride + c);
    if (masked) {
        [[unroll]] for (uint k = 0; k < count; ++k) gradient[k] = masking(gradient[k], loadPart(y, (m + k) * yRowStride + c));
        [[unroll]] for (uint k = 0; k < count; ++k) storePart(dy, (m + k) * dyRowStride + c, gradient[k]);
    }
    [[unroll]] for (uint k = 0; k < count; ++k) sum += gradient[k];
    return sum;
}

#ifdef PAIRS
const uint walkers = 8;

// Slices are spread evenly over the workgroups, of which a driver gives each core as many neighbours; there may be fewer slices.
uint firstSlice(uint group) {
    uint groups = gl_NumWorkGroups.x;
    return group * (slices / groups) + group * (slices % groups) / groups;
}

void main() {
    const uint per = even ? 2 : 1;
    uint begin = gl_LocalInvocationID.x % walkers * per, end = firstSlice(gl_WorkGroupID.x + 1);
    for (uint slice = firstSlice(gl_WorkGroupID.x) + gl_LocalInvocationID.x / walkers; slice < end; slice += gl_WorkGroupSize.x / walkers) {
        uint first = slice * sliceRows, last = min(first + sliceRows, rows), m = first;
        for (; m + unrolled <= last; m += unrolled) {
            for (uint c = begin; c < columns; c += walkers * per) {
                PART sum = PART(0);
                if (summed && (accumulate || m > first)) sum = loadPart(Const(uvec2(sums)), slice * columns + c);
                sum = addRows(sum, m, c, unrolled);
                if (summed) storePart(sums, slice * columns + c, sum);
            }
        }
        if (m == last) continue;
        for (uint c = begin; c < columns; c += walkers * per) {
            PART sum = PART(0);
            if (summed && (accumulate || m > first)) sum = loadPart(Const(uvec2(sums)), slice * columns + c);
            for (uint row = m; row < last; ++row) sum = addRows(sum, row, c, 1);
            if (summed) storePart(sums, slice * columns + c, sum);
        }
    }
}
#else
void main() {
    for (uint i = gl_GlobalInvocationID.x; i < columns * slices; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint slice = i / columns, c = i - slice * columns, m = slice * sliceRows, last = min(m + sliceRows, rows);
        float sum = summed && accumulate ? sums.at[i] : 0;
        for (; m + unrolled <= last; m += unrolled) sum = addRows(sum, m, c, unrolled);
        for (; m < last; ++m) sum = addRows(sum, m, c, 1);
        if (summed) sums.at[i] = sum;
    }
}
#endif

// The gradient before the clamp, in place, and its sums per channel:
// dy[m,c] = y[m,c] <= low or y[m,c] >= high ? 0 : dy[m,c] (as PyTorch: NaN in y lets the gradient pass); sums[k,c] = sum over the rows m of slice k of dy[m,c].
// Layout: dy and y rows of `columns` channels, row strides their own; sums dense. Slice k is rows k*slice_rows to (k+1)*slice_rows.
// Without `masked` y is not read and dy not written; without `summed` nothing is written to sums. `floored` and `capped` say
// which ends the range has: infinite values are not clamped by an infinite end. With `accumulate` the sums are added to what is there.
// Workgroup: any; invocations stride over slices and channels, channels innermost.
#version 460
#include "tensor.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool masked = true;
layout(constant_id = 2) const bool summed = true;
layout(constant_id = 3) const bool floored = true;
layout(constant_id = 4) const bool capped = false;
layout(constant_id = 5) const bool accumulate = false;
layout(constant_id = 6) const uint slice_rows = 16;

layout(push_constant, scalar) uniform Push {
    Tensor dy;
    Const y;
    Tensor sums;
    uint rows, columns, slices;
    uint dyRowStride, yRowStride;
    float low, high;
};

// The gradient before the clamp of channels c of row m.
float gradientAt(uint m, uint c) {
    float gradient = dy.at[m * dyRowStride + c];
    if (masked) {
        float value = y.at[m * yRowStride + c];
        if (floored && value <= low) gradient = 0;
        if (capped && value >= high) gradient = 0;
        dy.at[m * dyRowStride + c] = gradient;
    }
    return gradient;
}

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < slices * columns; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint slice = i / columns, c = i - slice * columns, first = slice * slice_rows;
        float sum = 0;
        if (first + slice_rows <= rows) {
            [[unroll]] for (uint m = 0; m < slice_rows; ++m) sum += gradientAt(first + m, c);
        } else {
            for (uint m = first; m < rows; ++m) sum += gradientAt(m, c);
        }
        if (summed) {
            if (accumulate) sum += sums.at[i];
            sums.at[i] = sum;
        }
    }
}

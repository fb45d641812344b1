// The gradient before the clamp, in place, and its sums per channel:
// dy[m,c] = y[m,c] <= low or y[m,c] >= high ? 0 : dy[m,c] (as PyTorch: NaN in y lets the gradient pass); sums[k,c] = sum over the rows m of slice k of dy[m,c].
// Layout: dy and y rows of `columns` channels, row strides their own; sums dense. Slice k is rows k*slice_rows to (k+1)*slice_rows.
// Without `masked` y is not read and dy not written; without `summed` nothing is written to sums. `floored` and `capped` say
// which ends the range has: infinite values are not clamped by an infinite end. With `accumulate` the sums are added to what is there.
// Workgroup: any size in x; workgroups stride over channels in x, over slices in y.
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
    TensorFloat sums;
    uint rows, columns, slices;
    uint dyRowStride, yRowStride;
    float32_t low, high;
};

float masking(float gradient, float value) {
    return (floored && value <= low) || (capped && value >= high) ? 0 : gradient;
}

float sumOf(uint first, uint c) {
    float sum = 0;
    if (first + slice_rows <= rows) {
        // All loads before all stores, so that they wait together.
        float gradient[slice_rows];
        [[unroll]] for (uint m = 0; m < slice_rows; ++m) gradient[m] = float(dy.at[(first + m) * dyRowStride + c]);
        if (masked) {
            [[unroll]] for (uint m = 0; m < slice_rows; ++m) gradient[m] = masking(gradient[m], float(y.at[(first + m) * yRowStride + c]));
            [[unroll]] for (uint m = 0; m < slice_rows; ++m) dy.at[(first + m) * dyRowStride + c] = ELEMENT(gradient[m]);
        }
        [[unroll]] for (uint m = 0; m < slice_rows; ++m) sum += gradient[m];
    } else {
        for (uint m = first; m < rows; ++m) {
            float gradient = float(dy.at[m * dyRowStride + c]);
            if (masked) {
                gradient = masking(gradient, float(y.at[m * yRowStride + c]));
                dy.at[m * dyRowStride + c] = ELEMENT(gradient);
            }
            sum += gradient;
        }
    }
    return sum;
}

void main() {
    for (uint slice = gl_WorkGroupID.y; slice < slices; slice += gl_NumWorkGroups.y) {
        for (uint c = gl_GlobalInvocationID.x; c < columns; c += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
            float sum = sumOf(slice * slice_rows, c);
            if (summed) {
                uint to = slice * columns + c;
                if (accumulate) sum += sums.at[to];
                sums.at[to] = sum;
            }
        }
    }
}

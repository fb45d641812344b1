// The gradient before the clamp, in place, and its sums per channel:
// dy[m,c] = y[m,c] <= low or y[m,c] >= high ? 0 : dy[m,c] (as PyTorch: NaN in y lets the gradient pass); sums[k,c] = sum over the rows m of slice k of dy[m,c].
// Layout: dy and y rows of `columns` channels, row strides their own; sums dense. Slice k is rows k*sliceRows to (k+1)*sliceRows.
// columns and strides count groups of four where `wide`.
// Without `masked` y is not read and dy not written; without `summed` nothing is written to sums. `floored` and `capped` say
// which ends the range has: infinite values are not clamped by an infinite end. With `accumulate` the sums are added to what is there.
// Workgroup: any; invocations stride over slices and channels, channels innermost.
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool masked = true;
layout(constant_id = 3) const bool summed = true;
layout(constant_id = 4) const bool floored = true;
layout(constant_id = 5) const bool capped = false;
layout(constant_id = 6) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Tensor dy;
    Const y;
    Tensor sums;
    uint rows, columns, sliceRows, slices;
    uint dyRowStride, yRowStride;
    float low, high;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < slices * columns; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint slice = i / columns, c = i - slice * columns;
        uint end = min((slice + 1) * sliceRows, rows);
        vec4 sum = vec4(0);
        for (uint m = slice * sliceRows; m < end; ++m) {
            vec4 gradient = load(Const(uvec2(dy)), m * dyRowStride + c);
            if (masked) {
                vec4 value = load(y, m * yRowStride + c);
                if (floored) gradient = mix(gradient, vec4(0), lessThanEqual(value, vec4(low)));
                if (capped) gradient = mix(gradient, vec4(0), greaterThanEqual(value, vec4(high)));
                store(dy, m * dyRowStride + c, gradient);
            }
            sum += gradient;
        }
        if (summed) {
            if (accumulate) sum += load(Const(uvec2(sums)), i);
            store(sums, i, sum);
        }
    }
}

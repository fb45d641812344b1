// The last step of a filter gradient by include/winograd.glsl: dw = Gᵀ m G.
//
// m in [matrix][i][o] order, rows mRowStride apart; dw dense in [r][s][i][o] order. With `accumulate` the result is added to dw. One
// invocation takes one i and two neighbouring o: outputs, mRowStride and dw's alignment are even. Any number of workgroups.
#define WIDE
#define VALUE vec2
#include "tensor.glsl"
#include "winograd.glsl"
#include "pairs.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool accumulate = false;
layout(push_constant, scalar) uniform Push {
    ConstFloat m;
    TensorFloat dw;
    uint channels, outputs, mRowStride;
};

void main() {
    uint pairs = outputs / 2, matrix = channels * mRowStride, tap = channels * outputs;
    for (uint at = gl_GlobalInvocationID.x; at < channels * pairs; at += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint i = at / pairs, o = (at - i * pairs) * 2, from = i * mRowStride + o, to = i * outputs + o;
        vec2 rowwise[patch_size][3];
        [[unroll]] for (uint r = 0; r < patch_size; ++r) {
            vec2 row[patch_size];
            [[unroll]] for (uint s = 0; s < patch_size; ++s) {
                row[s] = LOAD_FLOAT(m, from);
                from += matrix;
            }
            transformFilterGradient(row, rowwise[r]);
        }
        [[unroll]] for (uint s = 0; s < 3; ++s) {
            vec2 column[patch_size], result[3];
            [[unroll]] for (uint r = 0; r < patch_size; ++r) column[r] = rowwise[r][s];
            transformFilterGradient(column, result);
            [[unroll]] for (uint r = 0; r < 3; ++r) {
                uint element = to + (r * 3 + s) * tap;
                if (accumulate) result[r] += LOAD_FLOAT(dw, element);
                STORE_FLOAT(dw, element, result[r]);
            }
        }
    }
}

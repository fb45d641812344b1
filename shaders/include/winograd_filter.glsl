// The first step of a convolution by include/winograd.glsl: u = G g Gᵀ for every pair of input and output channel. Weights that stay need it once.
//
// w is dense in [r][s][i][o] order; u in [matrix][o / tileOutputs][i][o % tileOutputs] order, so that the multiplication reads each tile
// of outputs from one end to the other. Outputs behind the last are zero. One invocation takes one i and two neighbouring o: outputs,
// tileOutputs and alignments are even. Any number of workgroups.
#define WIDE
#define VALUE vec2
#include "tensor.glsl"
#include "winograd.glsl"
#include "pairs.glsl"

layout(local_size_x_id = 0) in;
layout(push_constant, scalar) uniform Push {
    Const w;
    TensorFloat u;
    uint channels, outputs, tileOutputs, tileCount;
};

void main() {
    uint pairs = tileCount * tileOutputs / 2, count = channels * pairs, tapStride = channels * outputs;
    for (uint at = gl_GlobalInvocationID.x; at < count; at += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint i = at / pairs, o = (at - i * pairs) * 2;
        bool inside = o < outputs;
        // Chosen from variables, for a choice between expressions is a branch.
        uint from = i * outputs + o, stride = tapStride;
        from = inside ? from : 0;
        stride = inside ? stride : 0;
        // G g, column by column of the filter, then its rows by Gᵀ.
        vec2 columnwise[3][patch_size];
        [[unroll]] for (uint s = 0; s < 3; ++s) {
            vec2 g[3];
            [[unroll]] for (uint r = 0; r < 3; ++r) {
                vec2 value = LOAD(w, from + (r * 3 + s) * stride);
                g[r] = inside ? value : vec2(0);
            }
            transformFilter(g[0], g[1], g[2], columnwise[s]);
        }
        uint tile = o / tileOutputs, to = (tile * channels + i) * tileOutputs + (o - tile * tileOutputs);
        [[unroll]] for (uint r = 0; r < patch_size; ++r) {
            vec2 row[patch_size];
            transformFilter(columnwise[0][r], columnwise[1][r], columnwise[2][r], row);
            [[unroll]] for (uint s = 0; s < patch_size; ++s) {
                STORE_FLOAT(u, to, row[s]);
                to += count * 2;
            }
        }
    }
}

// The first step of a convolution by include/winograd.glsl: u = G g Gᵀ for every pair of input and output channel. Weights that stay need it once.
//
// w is dense in [r][s][i][o] order; u in [matrix][o / tileOutputs][i][o % tileOutputs] order, so that the multiplication reads each tile
// of outputs from one end to the other. Outputs behind the last are zero. One invocation takes one i and o; any number of workgroups.
#include "tensor.glsl"
#include "winograd.glsl"

layout(local_size_x_id = 0) in;
layout(push_constant, scalar) uniform Push {
    Const w;
    TensorFloat u;
    uint channels, outputs, tileOutputs, tileCount;
};

void main() {
    uint columns = tileCount * tileOutputs, count = channels * columns;
    for (uint at = gl_GlobalInvocationID.x; at < count; at += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint i = at / columns, o = at - i * columns;
        bool inside = o < outputs;
        // G g, column by column of the filter, then its rows by Gᵀ.
        float columnwise[3][patch_size];
        [[unroll]] for (uint s = 0; s < 3; ++s) {
            float g[3];
            [[unroll]] for (uint r = 0; r < 3; ++r) {
                float value = float(w.at[((r * 3 + s) * channels + i) * outputs + (inside ? o : 0)]);
                g[r] = inside ? value : 0;
            }
            transformFilter(g[0], g[1], g[2], columnwise[s]);
        }
        uint tile = o / tileOutputs;
        uint to = (tile * channels + i) * tileOutputs + (o - tile * tileOutputs);
        [[unroll]] for (uint r = 0; r < patch_size; ++r) {
            float row[patch_size];
            transformFilter(columnwise[0][r], columnwise[1][r], columnwise[2][r], row);
            [[unroll]] for (uint s = 0; s < patch_size; ++s) u.at[(r * patch_size + s) * count + to] = row[s];
        }
    }
}

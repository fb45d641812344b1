// The filter by which a convolution of dy gives dx: wt[a][b][o][g*I + i] = w[r][s][i][g*O + o] with r = lastR - a*stepR, s = lastS - b*stepS,
// a < tapsH, b < tapsW: the taps that reach one phase of a strided convolution's input, last first (all of them for stride 1).
// Layout: w dense in [r][s][i in group][o] order, `channels` = I and `groupOutputs` = O of one group, `groups` of them.
// Workgroup: any; invocations stride over the elements of wt.
#version 460
#include "tensor.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    Const w;
    Tensor wt;
    uint channels, groupOutputs, groups;
    uint kernelW, tapsH, tapsW;
    uint lastR, lastS, stepR, stepS;
};

void main() {
    uint row = groups * channels, count = tapsH * tapsW * groupOutputs * row;
    for (uint j = gl_GlobalInvocationID.x; j < count; j += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint rest = j / row, column = j - rest * row;
        uint g = column / channels, i = column - g * channels;
        uint tap = rest / groupOutputs, o = rest - tap * groupOutputs;
        uint a = tap / tapsW, b = tap - a * tapsW;
        uint from = (lastR - a * stepR) * kernelW + lastS - b * stepS;
        wt.at[j] = w.at[(from * channels + i) * groups * groupOutputs + g * groupOutputs + o];
    }
}

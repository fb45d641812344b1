// The filter by which a convolution of dy gives dx: wt[a][b][o][g*I + i] = w[r][s][i][g*O + o] with r = lastR - a*stepR, s = lastS - b*stepS,
// a < tapsH, b < tapsW: the taps that reach one phase of a strided convolution's input, last first (all of them for stride 1).
// Layout: w dense in [r][s][i in group][o] order, `channels` = I and `groupOutputs` = O of one group, `groups` of them.
// Workgroup: any size in x; an invocation turns tile_outputs outputs of one channel of all groups, so that what it reads lies together;
// workgroups stride over channels in x, over tiles of outputs in y, over taps in z.
#version 460
#include "tensor.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint tile_outputs = 32;
layout(constant_id = 2) const bool grouped = false;

layout(push_constant, scalar) uniform Push {
    Const w;
    Tensor wt;
    uint channels, groupOutputs, groups;
    uint kernelW, tapsH, tapsW;
    uint lastR, lastS, stepR, stepS;
};

void turn(uint tap, uint first, uint column) {
    uint a = tap / tapsW, b = tap - a * tapsW;
    uint g = grouped ? column / channels : 0, i = column - g * channels;
    uint from = (((lastR - a * stepR) * kernelW + lastS - b * stepS) * channels + i) * groups * groupOutputs + g * groupOutputs + first;
    uint row = groups * channels, to = (tap * groupOutputs + first) * row + column;
    if (first + tile_outputs <= groupOutputs) {
        [[unroll]] for (uint o = 0; o < tile_outputs; ++o) wt.at[to + o * row] = w.at[from + o];
    } else {
        for (uint o = 0; first + o < groupOutputs; ++o) wt.at[to + o * row] = w.at[from + o];
    }
}

void main() {
    for (uint tap = gl_WorkGroupID.z; tap < tapsH * tapsW; tap += gl_NumWorkGroups.z)
        for (uint first = gl_WorkGroupID.y * tile_outputs; first < groupOutputs; first += gl_NumWorkGroups.y * tile_outputs)
            for (uint column = gl_GlobalInvocationID.x; column < groups * channels; column += gl_NumWorkGroups.x * gl_WorkGroupSize.x)
                turn(tap, first, column);
}

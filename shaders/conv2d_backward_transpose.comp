// The filter by which a convolution of dy gives dx: wt[a][b][o][g*I + i] = w[r][s][i][g*O + o] with r = lastR - a*stepR, s = lastS - b*stepS,
// a < tapsH, b < tapsW: the taps that reach one phase of a strided convolution's input, last first (all of them for stride 1).
// Layout: w dense in [r][s][i in group][o] order, `channels` = I and `groupOutputs` = O of one group, `groups` of them.
// An invocation turns tile_outputs outputs of one channel of all groups, so that what it reads lies together; with PAIRS, where `even` (channels,
// outputs, alignments), of two channels, two outputs at a time.
// Workgroup: any size in x; workgroups stride over channels in x, over tiles of outputs in y, over taps in z. tile_outputs is even.
#version 460
#include "tensor.glsl"
#include "groups.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint tile_outputs = 32;
layout(constant_id = 2) const bool grouped = false;
layout(constant_id = 3) const bool even = false;

layout(push_constant, scalar) uniform Push {
    Const w;
    Tensor wt;
    uint channels, groupOutputs, groups;
    uint kernelW, tapsH, tapsW;
    uint lastR, lastS, stepR, stepS;
};

#ifdef PAIRS
const uint per = even ? 2 : 1;
#else
const uint per = 1;
#endif

// One channel and output, or two of each.
void turn(uint to, uint row, uint from, uint nextChannel) {
#ifdef PAIRS
    if (even) {
        vec2 first = loadPair(w, from / 2), second = loadPair(w, (from + nextChannel) / 2);
        storePair(wt, to / 2, vec2(first.x, second.x));
        storePair(wt, (to + row) / 2, vec2(first.y, second.y));
        return;
    }
#endif
    wt.at[to] = w.at[from];
}

void turnTile(uint tap, uint first, uint column) {
    uint a = tap / tapsW, b = tap - a * tapsW;
    uint g = grouped ? column / channels : 0, i = column - g * channels, length = groups * groupOutputs;
    uint from = (((lastR - a * stepR) * kernelW + lastS - b * stepS) * channels + i) * length + g * groupOutputs + first;
    uint row = groups * channels, to = (tap * groupOutputs + first) * row + column;
    if (first + tile_outputs <= groupOutputs) {
        [[unroll]] for (uint o = 0; o < tile_outputs; o += per) turn(to + o * row, row, from + o, length);
    } else {
        for (uint o = 0; first + o < groupOutputs; o += per) turn(to + o * row, row, from + o, length);
    }
}

void main() {
    for (uint tap = gl_WorkGroupID.z; tap < tapsH * tapsW; tap += gl_NumWorkGroups.z)
        for (uint first = gl_WorkGroupID.y * tile_outputs; first < groupOutputs; first += gl_NumWorkGroups.y * tile_outputs)
            for (uint column = gl_GlobalInvocationID.x * per; column < groups * channels; column += gl_NumWorkGroups.x * gl_WorkGroupSize.x * per)
                turnTile(tap, first, column);
}

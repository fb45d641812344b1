// y[c] = x[c] * scale^-beta, scale = k + alphaOverSize * sum of x[j]^2 over |j - c| <= (size - 1)/2, j a channel (AlexNet, section 3.3).
// Layout: channels last, row strides xRowStride and yRowStride; size is odd.
// Workgroup: any; invocations stride over `count` elements (groups of four channels where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const int size = 5;
layout(constant_id = 3) const bool three_quarters = true;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count, channels;
    uint xRowStride, yRowStride;
    float alphaOverSize, beta, k;
};

const int lanes = wide ? 4 : 1;
const int radius = (size - 1) / 2;
// Groups of channels on each side that the window reaches.
const int reach = (radius + lanes - 1) / lanes;

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row = i / channels, c = i - row * channels, first = row * xRowStride;
        vec4 squares = vec4(0), own = vec4(0);
        for (int g = -reach; g <= reach; ++g) {
            int group = int(c) + g;
            if (group < 0 || group >= int(channels)) continue;
            vec4 v = load(x, first + uint(group));
            if (g == 0) own = v;
            v *= v;
            [[unroll]] for (int from = 0; from < 4; ++from) {
                if (from >= lanes) break;
                [[unroll]] for (int to = 0; to < 4; ++to) {
                    if (to < lanes && abs(g * lanes + from - to) <= radius) squares[to] += v[from];
                }
            }
        }
        vec4 scale = k + alphaOverSize * squares;
        vec4 root = inversesqrt(scale);
        store(y, row * yRowStride + c, own * (three_quarters ? root * sqrt(root) : pow(scale, vec4(-beta))));
    }
}

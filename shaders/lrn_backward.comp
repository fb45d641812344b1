// dx[c] (+)= dy[c] * s[c]^-beta - 2*alphaOverSize*beta * x[c] * sum of dy[j] * x[j] * s[j]^(-beta-1) over |j - c| <= (size - 1)/2,
// s[j] = k + alphaOverSize * sum of x[m]^2 over |m - j| <= (size - 1)/2 (AlexNet, section 3.3): the scale is computed anew, nothing is saved.
// Layout: channels last, row strides their own; size is odd. dx may not be dy: neighbours read it.
// Workgroup: any; invocations stride over `count` elements (groups of four channels where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool accumulate = false;
layout(constant_id = 3) const int size = 5;
layout(constant_id = 4) const bool three_quarters = true;

layout(push_constant, scalar) uniform Push {
    Const x, dy;
    Tensor dx;
    uint count, channels;
    uint xRowStride, dyRowStride, dxRowStride;
    float alphaOverSize, beta, k;
};

const int lanes = wide ? 4 : 1;
const int radius = (size - 1) / 2;
// Groups of channels on each side that hold what dy is needed of, and what x is needed of.
const int near = (radius + lanes - 1) / lanes;
const int far = (2 * radius + lanes - 1) / lanes;
// The channels computed lie at [far*lanes, (far + 1)*lanes) of xs.
const int spanX = (2 * far + 1) * lanes;
const int spanDy = (2 * near + 1) * lanes;

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row = i / channels, c = i - row * channels;
        float xs[spanX], squares[spanX], dys[spanDy];
        [[unroll]] for (int g = -far; g <= far; ++g) {
            int group = int(c) + g;
            vec4 v = vec4(0);
            if (group >= 0 && group < int(channels)) v = load(x, row * xRowStride + uint(group));
            [[unroll]] for (int lane = 0; lane < lanes; ++lane) {
                xs[(g + far) * lanes + lane] = v[lane];
                squares[(g + far) * lanes + lane] = v[lane] * v[lane];
            }
        }
        [[unroll]] for (int g = -near; g <= near; ++g) {
            int group = int(c) + g;
            vec4 v = vec4(0);
            if (group >= 0 && group < int(channels)) v = load(dy, row * dyRowStride + uint(group));
            [[unroll]] for (int lane = 0; lane < lanes; ++lane) dys[(g + near) * lanes + lane] = v[lane];
        }
        vec4 own = vec4(0), others = vec4(0);
        [[unroll]] for (int j = -radius; j < lanes + radius; ++j) {
            int channel = int(c) * lanes + j;
            if (channel < 0 || channel >= int(channels) * lanes) continue;
            float sum = 0;
            [[unroll]] for (int m = -radius; m <= radius; ++m) sum += squares[far * lanes + j + m];
            float scale = k + alphaOverSize * sum, root = inversesqrt(scale);
            float power = three_quarters ? root * sqrt(root) : pow(scale, -beta);
            float passed = dys[near * lanes + j] * power;
            float back = three_quarters ? passed * xs[far * lanes + j] * (root * root) : passed * xs[far * lanes + j] / scale;
            [[unroll]] for (int lane = 0; lane < lanes; ++lane) {
                if (lane == j) own[lane] = passed;
                if (abs(lane - j) <= radius) others[lane] += back;
            }
        }
        vec4 gradient;
        [[unroll]] for (int lane = 0; lane < lanes; ++lane)
            gradient[lane] = own[lane] - 2 * alphaOverSize * beta * xs[far * lanes + lane] * others[lane];
        addTo(dx, row * dxRowStride + c, gradient, accumulate);
    }
}

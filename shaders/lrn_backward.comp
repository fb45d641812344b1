// dx[c] (+)= dy[c] * s[c]^-beta - 2*alphaOverSize*beta * x[c] * sum of dy[j] * x[j] * s[j]^(-beta-1) over |j - c| <= (size - 1)/2,
// s[j] = k + alphaOverSize * sum of x[m]^2 over |m - j| <= (size - 1)/2 (AlexNet, section 3.3): the scale is computed anew, nothing is saved.
// With `masked` it is the finished gradient of a clamped x (include/masking.glsl).
// Layout: channels last, row strides their own; size is odd. dx may not be dy: neighbours read it.
// Workgroup: any; invocations stride over `count` elements (groups of four channels where `wide`; with PAIRS two at a time where their number in a row is `even`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool accumulate = false;
layout(constant_id = 3) const int size = 5;
layout(constant_id = 4) const bool three_quarters = true;
layout(constant_id = 5) const bool even = false;

layout(push_constant, scalar) uniform Push {
    Const x, dy;
    Tensor dx;
    uint count, channels;
    uint xRowStride, dyRowStride, dxRowStride;
    float alphaOverSize, beta, k;
    float32_t low, high;
};

#include "masking.glsl"

// Channels of a group, and groups of an invocation: two for a processor, whose loads cost more than its registers, and of these half serve as neighbours.
const int unit = wide ? 4 : 1;
#ifdef PAIRS
const int groups = even ? 2 : 1;
#else
const int groups = 1;
#endif
const int lanes = unit * groups;
const int radius = (size - 1) / 2;
// Groups of channels on each side that hold what dy is needed of, and what x is needed of.
const int near = (radius + unit - 1) / unit;
const int far = (2 * radius + unit - 1) / unit;
// The channels computed lie at [far*unit, far*unit + lanes) of xs.
const int spanX = (2 * far + groups) * unit;
const int spanDy = (2 * near + groups) * unit;

void main() {
    uint perRow = channels / groups;
    for (uint i = gl_GlobalInvocationID.x; i < count / groups; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row = i / perRow, c = (i - row * perRow) * groups;
        float xs[spanX], squares[spanX], dys[spanDy];
        [[unroll]] for (int g = -far; g < groups + far; ++g) {
            int group = int(c) + g;
            vec4 v = vec4(0);
            if (group >= 0 && group < int(channels)) v = load(x, row * xRowStride + uint(group));
            [[unroll]] for (int lane = 0; lane < unit; ++lane) {
                xs[(g + far) * unit + lane] = v[lane];
                squares[(g + far) * unit + lane] = v[lane] * v[lane];
            }
        }
        [[unroll]] for (int g = -near; g < groups + near; ++g) {
            int group = int(c) + g;
            vec4 v = vec4(0);
            if (group >= 0 && group < int(channels)) v = load(dy, row * dyRowStride + uint(group));
            [[unroll]] for (int lane = 0; lane < unit; ++lane) dys[(g + near) * unit + lane] = v[lane];
        }
        float own[lanes], others[lanes];
        [[unroll]] for (int lane = 0; lane < lanes; ++lane) own[lane] = others[lane] = 0;
        [[unroll]] for (int j = -radius; j < lanes + radius; ++j) {
            int channel = int(c) * unit + j;
            if (channel < 0 || channel >= int(channels) * unit) continue;
            float sum = 0;
            [[unroll]] for (int m = -radius; m <= radius; ++m) sum += squares[far * unit + j + m];
            float scale = k + alphaOverSize * sum, root = inversesqrt(scale);
            float power = three_quarters ? root * sqrt(root) : pow(scale, -beta);
            float passed = dys[near * unit + j] * power;
            float back = three_quarters ? passed * xs[far * unit + j] * (root * root) : passed * xs[far * unit + j] / scale;
            [[unroll]] for (int lane = 0; lane < lanes; ++lane) {
                if (lane == j) own[lane] = passed;
                if (abs(lane - j) <= radius) others[lane] += back;
            }
        }
        [[unroll]] for (int g = 0; g < groups; ++g) {
            vec4 gradient, value;
            [[unroll]] for (int lane = 0; lane < unit; ++lane) {
                value[lane] = xs[(far + g) * unit + lane];
                gradient[lane] = own[g * unit + lane] - 2 * alphaOverSize * beta * value[lane] * others[g * unit + lane];
            }
            uint to = row * dxRowStride + c + uint(g);
            if (accumulate) gradient += load(Const(uvec2(dx)), to);
            store(dx, to, masked ? masking(gradient, value) : gradient);
        }
    }
}

// The norm of all gradients from gradient_norm's partial sums, and what the optimizer multiplies gradients by.
// control[0] = norm = sqrt(sum of dw^2) / lossScale, at most the largest float; infinity when a gradient is not finite
// control[1] = 1 when every gradient is finite, otherwise 0
// control[2] = min(1, clipNorm / norm) / lossScale, or 1 / lossScale where clipNorm is 0
// control[3] = 0
// Workgroup: 64, one of it; each lane adds every 64th partial sum in order, then halves add up, always the same way.
#version 460
#include "tensor.glsl"
#include "step.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    Const partials;
    Step step;
    Tensor control;
    uint partialCount;
};

const uint lanes = 64;
const float large = 3.4028234e38;
const float shrink = 8.271806125530277e-25;               // 2^-80, of the second sum's gradients
const float grow = 1.2089258196146292e24;                 // 2^80

shared vec3 sums[lanes];

void main() {
    uint lane = gl_LocalInvocationID.x;
    vec3 sum = vec3(0);
    for (uint p = lane; p < partialCount; p += lanes) sum += Const4(uvec2(partials)).at[p].xyz;
    sums[lane] = sum;
    for (uint count = lanes / 2; count > 0; count /= 2) {
        barrier();
        if (lane < count) sums[lane] += sums[lane + count];
    }
    if (lane != 0) return;
    vec3 total = sums[0];
    float scale = step.lossScale, clip = step.clipNorm;
    // Divided before it grows: the scaled gradients' norm may be beyond the largest float where the norm is not.
    float norm = total.y > 0 ? min(sqrt(total.y + total.x * shrink * shrink) / scale * grow, large) : sqrt(total.x) / scale;
    bool finite = total.z == 0;
    control.at[0] = finite ? norm : uintBitsToFloat(0x7f800000u);
    control.at[1] = finite ? 1 : 0;
    control.at[2] = (clip > 0 && norm > clip ? clip / norm : 1) / scale;
    control.at[3] = 0;
}

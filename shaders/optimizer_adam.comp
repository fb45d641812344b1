// Adam, and AdamW with the constant `decoupled`.
// g = dw + decay * w  (decoupled: g = dw, and first w -= rate * decay * w)
// m = beta1 * m + (1 - beta1) * g      v = beta2 * v + (1 - beta2) * g^2
// w -= rate / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
// The host gives both corrections in the step's values.
// Layout, preconditions, workgroup: include/optimizer.glsl.
#version 460
#include "tensor.glsl"
#include "step.glsl"

layout(constant_id = 2) const bool decoupled = false;

layout(push_constant, scalar) uniform Push {
    Tensor w;
    Const dw;
    Tensor m;
    Tensor v;
    Tensor average;
    Const multipliers;
    Step step;
    Const control;
    uint granules;
    float weightDecay;
    float beta1;
    float beta2;
    float epsilon;
};

#include "optimizer.glsl"

vec4 updated(uint i, vec4 weight, vec4 gradient, float rate, float decay) {
    vec4 g = decoupled ? gradient : gradient + decay * weight;
    if (decoupled) weight -= rate * decay * weight;
    vec4 first = beta1 * loadGroup(Const(uvec2(m)), i) + (1 - beta1) * g;
    vec4 second = beta2 * loadGroup(Const(uvec2(v)), i) + (1 - beta2) * g * g;
    storeGroup(m, i, first);
    storeGroup(v, i, second);
    return weight - rate / step.correction1 * first / (sqrt(second) / sqrt(step.correction2) + epsilon);
}

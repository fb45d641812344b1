// Stochastic gradient descent; g = dw + decay * w.
// PyTorch's form:                  v = momentum * v + g          w -= rate * v          (nesterov: w -= rate * (g + momentum * v))
// Caffe's, with rate_inside:       v = momentum * v + rate * g   w -= v                 (nesterov: w -= rate * g + momentum * v)
// Without `has_momentum`:          w -= rate * g, and velocity is not touched.
// Layout, preconditions, workgroup: include/optimizer.glsl.
#version 460
#include "tensor.glsl"
#include "step.glsl"

layout(constant_id = 2) const bool has_momentum = true;
layout(constant_id = 3) const bool rate_inside = false;
layout(constant_id = 4) const bool nesterov = false;

layout(push_constant, scalar) uniform Push {
    Tensor w;
    Const dw;
    Tensor velocity;
    Tensor average;
    Const multipliers;
    Step step;
    Const control;
    uint granules;
    float weightDecay;
    float momentum;
};

#include "optimizer.glsl"

vec4 updated(uint i, vec4 weight, vec4 gradient, float rate, float decay) {
    vec4 g = gradient + decay * weight;
    if (!has_momentum) return weight - rate * g;
    if (rate_inside) g *= rate;
    vec4 v = momentum * loadGroup(Const(uvec2(velocity)), i) + g;
    storeGroup(velocity, i, v);
    vec4 change = nesterov ? g + momentum * v : v;
    return weight - (rate_inside ? change : rate * change);
}

// RMSProp; g = dw + decay * w.
// square = alpha * square + (1 - alpha) * g^2
// PyTorch's form:       d = g / (sqrt(square) + epsilon)                      v = momentum * v + d           w -= rate * v
// TensorFlow's:         d = g / sqrt(square + alpha^t + epsilon)              v = momentum * v + rate * d    w -= v
// where alpha^t, which the host gives as step.correction1, is what is left of the one that TensorFlow's mean square begins with.
// Without `has_momentum` v = d (or rate * d), and velocity is not touched.
// Layout, preconditions, workgroup: include/optimizer.glsl.
#version 460
#include "tensor.glsl"
#include "step.glsl"

layout(constant_id = 2) const bool has_momentum = true;
layout(constant_id = 3) const bool tensorflow = true;

layout(push_constant, scalar) uniform Push {
    Tensor w;
    Const dw;
    Tensor square;
    Tensor velocity;
    Tensor average;
    Const multipliers;
    Step step;
    Const control;
    uint granules;
    float weightDecay;
    float alpha;
    float epsilon;
    float momentum;
};

#include "optimizer.glsl"

vec4 updated(uint i, vec4 weight, vec4 gradient, float rate, float decay) {
    vec4 g = gradient + decay * weight;
    vec4 s = alpha * loadGroup(Const(uvec2(square)), i) + (1 - alpha) * g * g;
    storeGroup(square, i, s);
    vec4 change = tensorflow ? rate * g / sqrt(s + (step.correction1 + epsilon)) : g / (sqrt(s) + epsilon);
    if (has_momentum) {
        change += momentum * loadGroup(Const(uvec2(velocity)), i);
        storeGroup(velocity, i, change);
    }
    return weight - (tensorflow ? change : rate * change);
}

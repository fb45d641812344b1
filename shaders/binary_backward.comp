// d[k] (+)= sign * sum over r of dy[k, r] * other[k, r], or / other, or dy alone (operation 2, 3, 0): the gradient of an operand of binary_forward,
// k over the operand's own axes, r over those that it stretches along. Long sums are taken in parts (`partial`): then d[part][k], dense, which a
// second launch sums with the part as r.
// Layout: up to 5 axes, those of k first, each innermost first; each array with its own strides. An `other` that stays on one element along
// the innermost axis is a splat: its strides count elements even where `wide`.
// Workgroup: any; invocations stride over `count` = parts * keptCount (groups of four along the innermost axis of k where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const bool accumulate = false;
layout(constant_id = 3) const uint kept_rank = 1;
layout(constant_id = 4) const uint reduced_rank = 0;
layout(constant_id = 5) const uint operation = 0;
layout(constant_id = 6) const bool negative = false;
layout(constant_id = 7) const bool splat = false;
layout(constant_id = 8) const bool partial = false;
// Whether dy are partial sums, or d is a parameter's gradient or partial sums: these are float in mixed precision too.
layout(constant_id = 9) const bool float_dy = false;
layout(constant_id = 10) const bool float_d = false;

layout(push_constant, scalar) uniform Push {
    Const dy, other;
    Tensor d;
    uint count, keptCount, reducedCount, perPart;
    uint extent0, extent1, extent2, extent3, extent4;
    uint dyStride0, dyStride1, dyStride2, dyStride3, dyStride4;
    uint otherStride0, otherStride1, otherStride2, otherStride3, otherStride4;
    uint dStride0, dStride1, dStride2, dStride3, dStride4;
};

void main() {
    const uint extent[5] = uint[](extent0, extent1, extent2, extent3, extent4);
    const uint dyStride[5] = uint[](dyStride0, dyStride1, dyStride2, dyStride3, dyStride4);
    const uint otherStride[5] = uint[](otherStride0, otherStride1, otherStride2, otherStride3, otherStride4);
    const uint dStride[5] = uint[](dStride0, dStride1, dStride2, dStride3, dStride4);
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint part = i / keptCount, rest = i - part * keptCount, from = 0, by = 0, to = 0;
        [[unroll]] for (uint axis = 0; axis < 5; ++axis) {
            if (axis < kept_rank) {
                uint quotient = axis + 1 < kept_rank ? rest / extent[axis] : 0, digit = rest - quotient * extent[axis];
                from += digit * dyStride[axis];
                by += digit * otherStride[axis];
                to += digit * dStride[axis];
                rest = quotient;
            }
        }
        vec4 sum = vec4(0);
        uint last = min((part + 1) * perPart, reducedCount);
        for (uint r = part * perPart; r < last; ++r) {
            uint left = r, fromHere = from, byHere = by;
            [[unroll]] for (uint axis = 0; axis < 5; ++axis) {
                if (axis >= kept_rank && axis < kept_rank + reduced_rank) {
                    uint quotient = axis + 1 < kept_rank + reduced_rank ? left / extent[axis] : 0, digit = left - quotient * extent[axis];
                    fromHere += digit * dyStride[axis];
                    byHere += digit * otherStride[axis];
                    left = quotient;
                }
            }
            vec4 term = float_dy ? loadFloat(ConstFloat(uvec2(dy)), fromHere) : load(dy, fromHere);
            if (operation >= 2) {
                vec4 factor = splat ? vec4(float(other.at[byHere])) : load(other, byHere);
                term = operation == 2 ? term * factor : term / factor;
            }
            sum += term;
        }
        if (negative) sum = -sum;
        if (float_d) addToFloat(TensorFloat(uvec2(d)), partial ? i : to, sum, accumulate);
        else addTo(d, partial ? i : to, sum, accumulate);
    }
}

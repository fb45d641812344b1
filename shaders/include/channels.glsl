// One channel or, with `four`, four neighbouring ones per invocation, in one text: vectors then hold four channels, otherwise only the first
// component is used. Where every access of four is aligned to four elements the host sets `wide`. Indices and strides count elements.
#include "groups.glsl"

layout(constant_id = 1) const bool wide = false;
layout(constant_id = 2) const bool four = false;

// Channels of an invocation.
const uint lanes = four ? 4 : 1;

vec4 load(Const x, uint e) {
    if (wide) return loadGroup(x, e / 4);
    if (four) return vec4(float(x.at[e]), float(x.at[e + 1]), float(x.at[e + 2]), float(x.at[e + 3]));
    return vec4(float(x.at[e]), 0, 0, 0);
}

void store(Tensor y, uint e, vec4 value) {
    if (wide) {
        storeGroup(y, e / 4, value);
    } else {
        [[unroll]] for (uint k = 0; k < lanes; ++k) y.at[e + k] = ELEMENT(value[k]);
    }
}

// dx = v, or dx += v.
void addTo(Tensor dx, uint e, vec4 v, bool accumulate) {
    if (accumulate) v += load(Const(uvec2(dx)), e);
    store(dx, e, v);
}

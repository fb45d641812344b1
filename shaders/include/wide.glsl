// One element or four per invocation, in one text: where the host sets `wide`, indices and strides count groups of four
// elements and every access is of four; otherwise they count elements and only the first component is used.
#include "groups.glsl"

layout(constant_id = 1) const bool wide = false;

vec4 load(Const x, uint i) {
    return wide ? loadGroup(x, i) : vec4(float(x.at[i]), 0, 0, 0);
}

void store(Tensor y, uint i, vec4 value) {
    if (wide) storeGroup(y, i, value);
    else y.at[i] = ELEMENT(value.x);
}

// dx = v, or dx += v.
void addTo(Tensor dx, uint i, vec4 v, bool accumulate) {
    if (accumulate) v += load(Const(uvec2(dx)), i);
    store(dx, i, v);
}

// The same for what is float whatever the activations are. (Overloads of one name cannot differ in nothing but the reference.)
#ifdef HALF
vec4 loadFloat(ConstFloat x, uint i) {
    return wide ? ConstFloat4(uvec2(x)).at[i] : vec4(x.at[i], 0, 0, 0);
}

void storeFloat(TensorFloat y, uint i, vec4 value) {
    if (wide) TensorFloat4(uvec2(y)).at[i] = value;
    else y.at[i] = value.x;
}

void addToFloat(TensorFloat dx, uint i, vec4 v, bool accumulate) {
    if (accumulate) v += loadFloat(ConstFloat(uvec2(dx)), i);
    storeFloat(dx, i, v);
}
#else
#define loadFloat load
#define storeFloat store
#define addToFloat addTo
#endif

// Partial sums of squares of all gradients: of what lies in blocks of consecutive elements, eight partial sums a block.
// partials[p] = (sum of dw^2 of |dw| <= 2^48,  sum of (dw * 2^-80)^2 of the larger,  1 when any is not finite,  0).
// Two ranges, so that squares of finite gradients never overflow: a loss scale makes gradients large. In double one range is enough.
// Layout: dw flat and 16-byte aligned, `count` groups of four; block b holds the groups [b * blockLength, (b + 1) * blockLength).
// partials: one group of four per partial sum, `partialCount` of them. Each is summed by one invocation in the order of the elements,
// so the result depends on neither the workgroup's size nor timing.
// Workgroup: any; invocations stride over the partial sums. Eight that go through a block side by side read whole cache lines in order, which
// processors want; with 64 they are four times as slow.
#version 460
#include "tensor.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    Const dw;
    Tensor partials;
    uint count;
    uint blockLength;
    uint partialCount;
};

const uint lanes = 8;

#ifdef DOUBLE
bool isFinite(double v) {
    return (unpackDouble2x32(v).y & 0x7fffffffu) < 0x7ff00000u;
}

void addSquares(vec4 g, inout vec4 small, inout vec4 big, inout bool finite) {
    finite = finite && isFinite(g.x) && isFinite(g.y) && isFinite(g.z) && isFinite(g.w);
    small += g * g;
}
#else
const uint infinity = 0x7f800000;
const float large = 281474976710656.0;                    // 2^48
const float shrink = 8.271806125530277e-25;               // 2^-80

void addSquares(vec4 g, inout vec4 small, inout vec4 big, inout bool finite) {
    // By the bits: a compiler may take it that no float is NaN. NaN and infinity count as large here.
    uvec4 magnitude = floatBitsToUint(g) & 0x7fffffffu;
    uint largest = max(max(magnitude.x, magnitude.y), max(magnitude.z, magnitude.w));
    if (largest <= floatBitsToUint(large)) {
        small += g * g;
    } else {
        finite = finite && largest < infinity;
        bvec4 isBig = greaterThan(magnitude, uvec4(floatBitsToUint(large)));
        vec4 usual = mix(g, vec4(0), isBig), shrunk = mix(vec4(0), g * shrink, isBig);
        small += usual * usual;
        big += shrunk * shrunk;
    }
}
#endif

void main() {
    for (uint p = gl_GlobalInvocationID.x; p < partialCount; p += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint block = p / lanes;
        uint end = min((block + 1) * blockLength, count);
        vec4 small = vec4(0), big = vec4(0);
        bool finite = true;
        for (uint i = block * blockLength + p % lanes; i < end; i += lanes) addSquares(Const4(uvec2(dw)).at[i], small, big, finite);
        Tensor4(uvec2(partials)).at[p] = vec4((small.x + small.y) + (small.z + small.w), (big.x + big.y) + (big.z + big.w), finite ? 0 : 1, 0);
    }
}

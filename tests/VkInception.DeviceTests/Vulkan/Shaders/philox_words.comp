// y[i] = the four words of Philox at the key and the counter (first + i, second, third, fourth), then the uniform floats of them.
// Workgroup: any; one invocation per counter.
#version 460
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require
#include "philox.glsl"

layout(local_size_x_id = 0) in;

layout(buffer_reference, scalar, buffer_reference_align = 16) writeonly buffer Words { uvec4 at[]; };

layout(push_constant, scalar) uniform Push {
    Words y;
    uint count;
    uint keyLow, keyHigh;
    uint first, second, third, fourth;
};

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    uvec4 words = philox(uvec2(keyLow, keyHigh), uvec4(first + i, second, third, fourth));
    y.at[2 * i] = words;
    y.at[2 * i + 1] = floatBitsToUint(uniformOf(words));
}

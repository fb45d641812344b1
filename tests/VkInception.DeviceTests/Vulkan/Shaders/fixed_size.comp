// A workgroup that the source fixes, and members of every type that reflection tells apart.
#version 460
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require

layout(local_size_x = 32, local_size_y = 2) in;
layout(constant_id = 5) const int signedConstant = -3;
layout(constant_id = 9) const uint unsignedConstant = 11;
layout(buffer_reference, scalar) buffer Values { float at[]; };
layout(push_constant, scalar) uniform Push {
    Values values;
    uint64_t wide;
    uvec2 pair;
    int sign;
    uint count;
    float factor;
    vec3 direction;
    float table[4];
};
void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i < count) values.at[i] = factor * float(sign + signedConstant) + direction.x + table[i & 3u] + float(pair.x + unsignedConstant) + float(uint(wide));
}

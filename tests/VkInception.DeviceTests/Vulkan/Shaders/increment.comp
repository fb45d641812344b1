// x[i] += 1 for i < count: a kernel whose result depends on every earlier run of it.
#version 460
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_scalar_block_layout : require

layout(local_size_x_id = 0) in;
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Counts { uint at[]; };
layout(push_constant, scalar) uniform Push { Counts x; uint count; };

void main() {
    if (gl_GlobalInvocationID.x < count) x.at[gl_GlobalInvocationID.x] += 1;
}

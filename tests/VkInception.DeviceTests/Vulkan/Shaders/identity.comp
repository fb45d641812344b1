// y[i] = 4 facts of invocation i: its workgroup's size, its subgroup's size, its lane, the subgroup's sum of ones.
#version 460
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_arithmetic : require

layout(local_size_x_id = 0) in;
layout(buffer_reference, scalar, buffer_reference_align = 16) writeonly buffer Facts { uvec4 at[]; };
layout(push_constant, scalar) uniform Push { Facts y; };

void main() {
    y.at[gl_GlobalInvocationID.x] = uvec4(gl_WorkGroupSize.x, gl_SubgroupSize, gl_SubgroupInvocationID, subgroupAdd(1));
}

// Measures how fast memory can be read and written: y[i] = x[i], four elements at a time (see BandwidthPeak).
// Workgroup: any size in x; invocations stride over `count`.
#version 460
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_scalar_block_layout : require

layout(local_size_x_id = 0) in;

layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Source { vec4 v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) writeonly buffer Target { vec4 v[]; };

layout(push_constant, scalar) uniform Push {
    Source x;
    Target y;
    uint count;
};

void main() {
    const uint stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += stride) y.v[i] = x.v[i];
}

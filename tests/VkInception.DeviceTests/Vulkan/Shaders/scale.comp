// y[i] = x[i] * factor + offset for i < count; `doubled` adds the product once more.
#version 460
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_scalar_block_layout : require

layout(local_size_x_id = 0) in;
layout(constant_id = 3) const float offset = 0.0;
layout(constant_id = 7) const bool doubled = false;

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Source { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) writeonly buffer Target { float at[]; };

layout(push_constant, scalar) uniform Push {
    Source x;
    Target y;
    uint count;
    float factor;
};

void main() {
    uint i = gl_GlobalInvocationID.x;
    if (i >= count) return;
    float product = x.at[i] * factor;
    y.at[i] = product + (doubled ? product : 0.0) + offset;
}

#version 450
// Measures the peak of fused multiply-adds: eight independent chains of 4-vectors per invocation, one store at the end.
// y[i] = the sum of the chains after `steps` rounds of 32 multiply-adds (see FmaPeak).
// Workgroup: any size in x.
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_scalar_block_layout : require

layout(local_size_x_id = 0) in;

layout(buffer_reference, scalar, buffer_reference_align = 4) writeonly buffer Floats { float v[]; };

layout(push_constant, scalar) uniform Push {
    Floats y;
    int steps;
    float a;
    float b;
};

void main() {
    vec4 c0 = vec4(gl_LocalInvocationID.x), c1 = c0 + 1, c2 = c0 + 2, c3 = c0 + 3;
    vec4 c4 = c0 + 4, c5 = c0 + 5, c6 = c0 + 6, c7 = c0 + 7;
    vec4 va = vec4(a), vb = vec4(b);
    for (int i = 0; i < steps; i++) {
        c0 = fma(c0, va, vb); c1 = fma(c1, va, vb); c2 = fma(c2, va, vb); c3 = fma(c3, va, vb);
        c4 = fma(c4, va, vb); c5 = fma(c5, va, vb); c6 = fma(c6, va, vb); c7 = fma(c7, va, vb);
    }
    vec4 s = c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7;
    y.v[gl_GlobalInvocationID.x] = s.x + s.y + s.z + s.w;
}

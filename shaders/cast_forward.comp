// y = x, rounded to half: the copy of the weights that convolutions and linear layers of mixed precision read.
// Layout: x and y flat and aligned to four elements.
// Workgroup: any; invocations stride over `count` groups of four.
#version 460
#include "tensor.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    ConstFloat x;
    Tensor y;
    uint count;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x)
        Tensor4(uvec2(y)).at[i] = ELEMENT4(ConstFloat4(uvec2(x)).at[i]);
}

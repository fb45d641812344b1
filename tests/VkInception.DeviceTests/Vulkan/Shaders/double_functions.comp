// y[3i] = exp(x[2i]), y[3i + 1] = log(x[2i]), y[3i + 2] = pow(x[2i], x[2i + 1]) by shaders/include/double.glsl.
#version 460
#define DOUBLE
#include "tensor.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    uint count;
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        y.at[3 * i] = exp(x.at[2 * i]);
        y.at[3 * i + 1] = log(x.at[2 * i]);
        y.at[3 * i + 2] = pow(x.at[2 * i], x.at[2 * i + 1]);
    }
}

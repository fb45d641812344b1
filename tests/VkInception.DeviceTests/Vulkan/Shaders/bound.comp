// Uses a descriptor binding and a fixed workgroup, which the device layer refuses.
#version 460
layout(local_size_x = 64) in;
layout(binding = 0) buffer Values { float at[]; };
void main() { at[gl_GlobalInvocationID.x] *= 2.0; }

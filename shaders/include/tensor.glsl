// Tensors in device memory: 64-bit addresses of elements, passed in the push block under the array's symbol.
// A kernel reads x.at[i]; where its host code made sure of 16-byte alignment, Const4(uvec2(x)).at[i] reads four elements (i counts groups of four).
// One reference becomes another by way of its two words: SwiftShader crashes on a direct cast.
// Indices are 32-bit: a tensor has fewer than 2^31 elements.
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference2 : require
#extension GL_EXT_buffer_reference_uvec2 : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_control_flow_attributes : require

layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Const { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Const4 { vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Tensor { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer Tensor4 { vec4 at[]; };

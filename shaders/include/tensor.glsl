// Tensors in device memory: 64-bit addresses of elements, passed in the push block under the array's symbol.
// A kernel reads x.at[i]; where its host code made sure of alignment to four elements, Const4(uvec2(x)).at[i] reads four (i counts groups of four).
// Const and Tensor hold activations: float, or half where the kernel is compiled a second time with HALF, for mixed precision. What is
// ConstFloat or TensorFloat is float in both: biases, statistics, partial sums, gradients of parameters, losses. Arithmetic is float always:
// what is loaded goes through float(…) or vec4(…), what is stored through ELEMENT(…) or ELEMENT4(…). So a device needs 16-bit storage only.
// One reference becomes another by way of its two words: SwiftShader crashes on a direct cast.
// Indices are 32-bit: a tensor has fewer than 2^31 elements.
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference2 : require
#extension GL_EXT_buffer_reference_uvec2 : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_control_flow_attributes : require

#ifdef HALF
#extension GL_EXT_shader_16bit_storage : require
#define ELEMENT float16_t
#define ELEMENT4 f16vec4
layout(buffer_reference, scalar, buffer_reference_align = 2) readonly buffer Const { float16_t at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Const4 { f16vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 2) buffer Tensor { float16_t at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer Tensor4 { f16vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer ConstFloat { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer ConstFloat4 { vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer TensorFloat { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer TensorFloat4 { vec4 at[]; };
#else
#define ELEMENT float
#define ELEMENT4 vec4
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Const { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Const4 { vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Tensor { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer Tensor4 { vec4 at[]; };
#define ConstFloat Const
#define ConstFloat4 Const4
#define TensorFloat Tensor
#define TensorFloat4 Tensor4
#endif

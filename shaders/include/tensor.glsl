// Tensors in device memory: 64-bit addresses of elements, passed in the push block under the array's symbol.
// A kernel reads x.at[i]; where its host code made sure of alignment to four elements, Const4(uvec2(x)).at[i] reads four (i counts groups of four).
// Const and Tensor hold activations: float, or half where the kernel is compiled a second time with HALF, for mixed precision. What is
// ConstFloat or TensorFloat is float in both: biases, statistics, partial sums, gradients of parameters, losses. Arithmetic is float always:
// what is loaded goes through float(…) or vec4(…), what is stored through ELEMENT(…) or ELEMENT4(…). So a device needs 16-bit storage only.
// With DOUBLE, the third time a kernel may be compiled, everything that is written float or vec4 is double: tensors of both kinds, sums, and push
// constants, which the host lays out by what the module declares. What must stay 32-bit is written float32_t; a literal with a fraction
// would be rounded to 32 bits, so kernels have none but those that are exact.
// One reference becomes another by way of its two words: SwiftShader crashes on a direct cast.
// Indices are 32-bit: a tensor has fewer than 2^31 elements.
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference2 : require
#extension GL_EXT_buffer_reference_uvec2 : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_EXT_shader_explicit_arithmetic_types_float32 : require

#ifdef DOUBLE
#define float double
#define vec2 dvec2
#define vec3 dvec3
#define vec4 dvec4
#define ELEMENT_BYTES 8
#include "double.glsl"
#else
#define ELEMENT_BYTES 4
#endif

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
layout(buffer_reference, scalar, buffer_reference_align = ELEMENT_BYTES) readonly buffer Const { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Const4 { vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = ELEMENT_BYTES) buffer Tensor { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer Tensor4 { vec4 at[]; };
#define ConstFloat Const
#define ConstFloat4 Const4
#define TensorFloat Tensor
#define TensorFloat4 Tensor4
#endif

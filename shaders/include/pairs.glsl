// One or two neighbouring elements per lane and load. One 64-bit load is cheaper than two of 32 where loads are gathered lane by lane.
// With WIDE indices are even and tensors begin on 8 bytes.
#ifdef WIDE
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Pairs { uint64_t at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) writeonly buffer WrittenPairs { uint64_t at[]; };
const uint per_load = 2;
#define Loaded vec2
#define LOAD(tensor, i) uintBitsToFloat(unpack32(Pairs(uvec2(tensor)).at[(i) / 2]))
#define STORE(tensor, i, value) WrittenPairs(uvec2(tensor)).at[(i) / 2] = pack64(floatBitsToUint(value))
#define COMPONENT(value, j) value[j]
#else
const uint per_load = 1;
#define Loaded float
#define LOAD(tensor, i) tensor.at[i]
#define STORE(tensor, i, value) tensor.at[i] = value
#define COMPONENT(value, j) value
#endif

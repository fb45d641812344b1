// One or two neighbouring elements per lane and load, of the activations' type, or float (LOAD_FLOAT, STORE_FLOAT). One load of two is
// cheaper than two of one where loads are gathered lane by lane. With WIDE indices are even and tensors begin on two elements.
#ifdef WIDE
const uint per_load = 2;
#define Loaded vec2
#define COMPONENT(value, j) value[j]
#else
const uint per_load = 1;
#define Loaded float
#define COMPONENT(value, j) value
#endif

// One, but not to a compiler: counts are below 2^31. Without a step between a sum of a long loop and the store of two of them, LLVM keeps
// the sum in the lower half of the store's register, and spills and fetches twice its size wherever registers are short: a fifth of the time.
float unknownOne(uint count) { return float(1 - (count >> 31)); }

#if defined(WIDE) && defined(HALF)
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Pairs { uint at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) writeonly buffer WrittenPairs { f16vec2 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer FloatPairs { vec2 at[]; };
#define LOAD(tensor, i) unpackHalf2x16(Pairs(uvec2(tensor)).at[(i) / 2])
#define STORE(tensor, i, value) WrittenPairs(uvec2(tensor)).at[(i) / 2] = f16vec2(value)
#define LOAD_FLOAT(tensor, i) FloatPairs(uvec2(tensor)).at[(i) / 2]
#define STORE_FLOAT(tensor, i, value) FloatPairs(uvec2(tensor)).at[(i) / 2] = value
#elif defined(WIDE)
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Pairs { uint64_t at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) writeonly buffer WrittenPairs { uint64_t at[]; };
#define LOAD(tensor, i) uintBitsToFloat(unpack32(Pairs(uvec2(tensor)).at[(i) / 2]))
#define STORE(tensor, i, value) WrittenPairs(uvec2(tensor)).at[(i) / 2] = pack64(floatBitsToUint(value))
#define LOAD_FLOAT LOAD
#define STORE_FLOAT STORE
#else
#define LOAD(tensor, i) float(tensor.at[i])
#define STORE(tensor, i, value) tensor.at[i] = ELEMENT(value)
#define LOAD_FLOAT(tensor, i) tensor.at[i]
#define STORE_FLOAT(tensor, i, value) tensor.at[i] = value
#endif

// Groups of four elements in one access; i counts groups. With PAIRS an access is two of 8 bytes each, as integers: a processor's driver
// gathers a load lane by lane and component by component, so one of 64 bits costs half as much as two of 32.
#ifdef PAIRS
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer Groups { u64vec2 at[]; };

vec4 loadGroup(Const x, uint i) {
    u64vec2 group = Groups(uvec2(x)).at[i];
    return uintBitsToFloat(uvec4(unpack32(group.x), unpack32(group.y)));
}

void storeGroup(Tensor y, uint i, vec4 value) {
    uvec4 bits = floatBitsToUint(value);
    Groups(uvec2(y)).at[i] = u64vec2(pack64(bits.xy), pack64(bits.zw));
}

// Halves of a group; i counts them.
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer Pairs { uint64_t at[]; };

vec2 loadPair(Const x, uint i) { return uintBitsToFloat(unpack32(Pairs(uvec2(x)).at[i])); }

void storePair(Tensor y, uint i, vec2 value) { Pairs(uvec2(y)).at[i] = pack64(floatBitsToUint(value)); }
#else
vec4 loadGroup(Const x, uint i) { return vec4(Const4(uvec2(x)).at[i]); }

void storeGroup(Tensor y, uint i, vec4 value) { Tensor4(uvec2(y)).at[i] = ELEMENT4(value); }
#endif

// Positions: 32-bit integers in the elements of a tensor. Never through floats, whose small bit patterns a device may flush to zero.
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Index { uint at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer Index4 { uvec4 at[]; };

uvec4 loadIndex(Index x, uint i) {
    return wide ? Index4(uvec2(x)).at[i] : uvec4(x.at[i], 0, 0, 0);
}

void storeIndex(Index y, uint i, uvec4 value) {
    if (wide) Index4(uvec2(y)).at[i] = value;
    else y.at[i] = value.x;
}

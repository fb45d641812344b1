// Where in its window each maximum was found: tap r*kernelW + s. With `four` one 32-bit word holds those of four channels, a byte each;
// otherwise a word holds one. All bits are set where no pixel of the window lies inside the image, or where no gradient is to pass. Integers, never floats: a device may
// flush small bit patterns to zero. The including file has included channels.glsl.
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Index { uint at[]; };

uvec4 unpacked(uint word) {
    return four ? uvec4(word & 0xff, word >> 8 & 0xff, word >> 16 & 0xff, word >> 24) : uvec4(word, 0, 0, 0);
}

uint packed(uvec4 taps) {
    return four ? taps.x & 0xff | (taps.y & 0xff) << 8 | (taps.z & 0xff) << 16 | taps.w << 24 : taps.x;
}

// Takes v where it is larger, and wherever it is NaN: in row-major order the first of equal ones wins, a NaN over everything before it (PyTorch).
void pick(inout vec4 best, inout uvec4 taps, vec4 v, uvec4 here) {
    [[unroll]] for (uint k = 0; k < lanes; ++k) {
        bool wins = v[k] > best[k] || isnan(v[k]);
        best[k] = wins ? v[k] : best[k];
        taps[k] = wins ? here[k] : taps[k];
    }
}

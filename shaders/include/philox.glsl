// Philox4x32-10, the counter-based generator (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011, section 3.3).
// Core/Philox.cs gives the same bits.
uvec4 philox(uvec2 key, uvec4 counter) {
    for (int round = 0; round < 10; ++round) {
        uint high0, low0, high1, low1;
        umulExtended(0xD2511F53u, counter.x, high0, low0);
        umulExtended(0xCD9E8D57u, counter.z, high1, low1);
        counter = uvec4(high1 ^ counter.y ^ key.x, low1, high0 ^ counter.w ^ key.y, low0);
        key += uvec2(0x9E3779B9u, 0xBB67AE85u);
    }
    return counter;
}

// Words as floats of [0, 1): their upper 24 bits times 2^-24, exactly.
vec4 uniformOf(uvec4 words) {
    return vec4(words >> 8) * (1.0 / 16777216.0);
}

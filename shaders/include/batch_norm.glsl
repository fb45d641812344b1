// What forward and backward passes of a batch normalization in training share: the same arithmetic in the same order, so that both agree
// bit for bit on which elements a fused clamp cut.

// A part of the rows: the elements of one channel group that one invocation reduces.
struct Part {
    uint c, first, last;
};

Part partOf(uint i, uint channels, uint rows, uint rowsPerPart, out uint part) {
    part = i / channels;
    uint first = part * rowsPerPart;
    return Part(i - part * channels, first, min(first + rowsPerPart, rows));
}

vec4 scaleOf(vec4 inverseDeviation, vec4 w) {
    precise vec4 scale = inverseDeviation * w;
    return scale;
}

// The output before a clamp; scale = w / sqrt(variance + epsilon).
vec4 normalized(vec4 x, vec4 mean, vec4 scale, vec4 b) {
    precise vec4 z = (x - mean) * scale;
    z = z + b;
    return z;
}

// The gradient before the clamp: it passes where the output lies strictly inside the range, and where it is NaN.
vec4 unclamped(vec4 dy, vec4 z, float low, float high) {
    return mix(mix(dy, vec4(0), lessThanEqual(z, vec4(low))), vec4(0), greaterThanEqual(z, vec4(high)));
}

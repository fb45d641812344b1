// The last step of a convolution by include/winograd.glsl: y = clamp(b + Aᵀ m A) for `tiles` tiles from firstTile on.
//
// m in [matrix][tile][o] order, rows mRowStride apart; y as in include/conv2d.glsl, what lies outside the image is dropped. NaN passes the
// clamp. With `accumulate` the result is added to y. With `masked`, of data gradients, there is no bias and no clamp, but y is the finished
// gradient of v, which was clamped (include/masking.glsl). One invocation takes one tile and two neighbouring outputs: outputs, yRowStride and
// y's alignment are even. Any number of workgroups.
#define WIDE
#define VALUE vec2
#include "tensor.glsl"
#include "winograd.glsl"
#include "pairs.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool biased = true;
layout(constant_id = 2) const bool accumulate = false;
layout(push_constant, scalar) uniform Push {
    ConstFloat m;
    ConstFloat b;
    Const v;
    Tensor y;
    uint firstTile, tiles, tilesH, tilesW;
    uint outputs, mRowStride, vRowStride, yRowStride, outHeight, outWidth;
    float low, high;
};

#include "masking.glsl"

vec2 clamped(vec2 value) {
    value = mix(value, vec2(low), lessThan(value, vec2(low)));
    return mix(value, vec2(high), greaterThan(value, vec2(high)));
}

void main() {
    uint pairs = outputs / 2, count = tiles * pairs, mStride = mRowStride, yStride = yRowStride;
    for (uint at = gl_GlobalInvocationID.x; at < count; at += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint tile = at / pairs, o = (at - tile * pairs) * 2;
        uint from = tile * mStride + o, matrix = tiles * mStride;
        vec2 rowwise[patch_size][tile_size];
        [[unroll]] for (uint r = 0; r < patch_size; ++r) {
            vec2 row[patch_size];
            [[unroll]] for (uint s = 0; s < patch_size; ++s) {
                row[s] = LOAD_FLOAT(m, from);
                from += matrix;
            }
            transformOutput(row, rowwise[r]);
        }
        vec2 bias = vec2(0);
        if (biased) bias = LOAD_FLOAT(b, o);
        TilePlace place = placeOf(firstTile + tile, tilesH, tilesW);
        uint corner = (place.n * outHeight + place.p) * outWidth + place.q;
        [[unroll]] for (uint s = 0; s < tile_size; ++s) {
            vec2 column[patch_size], result[tile_size];
            [[unroll]] for (uint r = 0; r < patch_size; ++r) column[r] = rowwise[r][s];
            transformOutput(column, result);
            [[unroll]] for (uint r = 0; r < tile_size; ++r) {
                bool insideRow = place.p + r < outHeight, insideColumn = place.q + s < outWidth;
                if (insideRow && insideColumn) {
                    uint pixel = corner + r * outWidth + s, to = pixel * yStride + o;
                    vec2 value = masked ? result[r] : clamped(result[r] + bias);
                    if (accumulate) value += LOAD(y, to);
                    if (masked) value = masking(value, LOAD(v, pixel * vRowStride + o));
                    STORE(y, to, value);
                }
            }
        }
    }
}

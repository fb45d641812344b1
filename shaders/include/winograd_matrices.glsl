// The second step of a convolution, and the first two of a filter gradient, by include/winograd.glsl: Bᵀ d B of the patches of x, or with
// GRADIENT A d Aᵀ of the tiles of dy, for `tiles` tiles from firstTile on.
//
// t in [matrix][block of channels][tile][channel in block] order, so that the multiplication reads each block from one end to the other;
// the channels behind the last are not written. x and dy channels last, rows rowStride apart; outside the image they are zero.
// One invocation takes one tile and two neighbouring channels: block, channels, rowStride and alignments are even. Any number of workgroups.
#define WIDE
#define VALUE vec2
#include "tensor.glsl"
#include "winograd.glsl"
#include "pairs.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint block = 16;
layout(push_constant, scalar) uniform Push {
    Const d;
    TensorFloat t;
    uint firstTile, tiles, tilesH, tilesW;
    uint channels, rowStride, height, width;
    int padTop, padLeft;
};

#ifdef GRADIENT
const uint read_size = tile_size;
void transform(VALUE line[read_size], out VALUE product[patch_size]) { transformOutputGradient(line, product); }
#else
const uint read_size = patch_size;
void transform(VALUE line[read_size], out VALUE product[patch_size]) {
    transformInput(line);
    product = line;
}
#endif

void main() {
    uint pairs = block / 2, size = (channels + block - 1) / block * tiles * block;
    for (uint at = gl_GlobalInvocationID.x; at < size / 2; at += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row = at / pairs, part = row / tiles, c = part * block + (at - row * pairs) * 2;
        if (c < channels) {
            TilePlace place = placeOf(firstTile + row - part * tiles, tilesH, tilesW);
            int h = int(place.p) - padTop, w = int(place.q) - padLeft;
            bool insideColumn[read_size];
            [[unroll]] for (uint s = 0; s < read_size; ++s) insideColumn[s] = uint(w + int(s)) < width;
            uint stride = rowStride;
            vec2 rowwise[read_size][patch_size];
            [[unroll]] for (uint r = 0; r < read_size; ++r) {
                bool rowInside = uint(h + int(r)) < height;
                uint from = ((place.n * height + uint(h + int(r))) * width + uint(w)) * stride + c;
                vec2 value[read_size];
                [[unroll]] for (uint s = 0; s < read_size; ++s) {
                    bool inside = rowInside && insideColumn[s];
                    // What is chosen is computed before: a choice between expressions would be a branch.
                    uint element = inside ? from : 0;
                    vec2 loaded = LOAD(d, element);
                    value[s] = inside ? loaded : vec2(0);
                    from += stride;
                }
                transform(value, rowwise[r]);
            }
            [[unroll]] for (uint s = 0; s < patch_size; ++s) {
                vec2 column[read_size], result[patch_size];
                [[unroll]] for (uint r = 0; r < read_size; ++r) column[r] = rowwise[r][s];
                transform(column, result);
                [[unroll]] for (uint r = 0; r < patch_size; ++r) STORE_FLOAT(t, (r * patch_size + s) * size + at * 2, result[r]);
            }
        }
    }
}

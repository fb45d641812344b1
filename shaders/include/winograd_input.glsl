// The second step of a convolution by include/winograd.glsl: v = Bᵀ d B for the patches of `tiles` tiles from firstTile on.
//
// x as in include/conv2d.glsl; outside the image it is zero. v in [matrix][block][i][tile in block] order, tilePixels tiles to a block, so
// that the multiplication reads each block from one end to the other; what lies behind the last tile is not written. One invocation takes
// one tile and i, tiles along the lanes; any number of workgroups.
#include "tensor.glsl"
#include "winograd.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint tile_pixels = 16;
layout(push_constant, scalar) uniform Push {
    Const x;
    TensorFloat v;
    uint firstTile, tiles, tilesH, tilesW;
    uint channels, xRowStride, height, width;
    int padTop, padLeft;
};

void main() {
    uint count = (tiles + tile_pixels - 1) / tile_pixels * channels * tile_pixels;
    for (uint at = gl_GlobalInvocationID.x; at < count; at += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint line = at / tile_pixels, block = line / channels, i = line - block * channels;
        uint tile = block * tile_pixels + (at - line * tile_pixels);
        if (tile < tiles) {
            TilePlace place = placeOf(firstTile + tile, tilesH, tilesW);
            int h = int(place.p) - padTop, w = int(place.q) - padLeft;
            float d[patch_size][patch_size];
            [[unroll]] for (uint r = 0; r < patch_size; ++r) {
                bool rowInside = uint(h + int(r)) < height;
                uint row = (place.n * height + uint(h + int(r))) * width;
                [[unroll]] for (uint s = 0; s < patch_size; ++s) {
                    bool inside = rowInside && uint(w + int(s)) < width;
                    float value = float(x.at[inside ? (row + uint(w + int(s))) * xRowStride + i : 0]);
                    d[r][s] = inside ? value : 0;
                }
                transformInput(d[r]);
            }
            [[unroll]] for (uint s = 0; s < patch_size; ++s) {
                float column[patch_size];
                [[unroll]] for (uint r = 0; r < patch_size; ++r) column[r] = d[r][s];
                transformInput(column);
                [[unroll]] for (uint r = 0; r < patch_size; ++r) v.at[(r * patch_size + s) * count + at] = column[r];
            }
        }
    }
}

// The tile of include/conv2d_tile.glsl with inputs loaded by uniform addresses, four channels at a time: for devices that load
// once for all lanes of a subgroup, and those whose subgroups cannot pass values. Relies on no subgroup operation.
// Channels, row stride and alignment of x are multiples of four elements.
// Workgroup: any size in x.
#version 460
#extension GL_EXT_buffer_reference_uvec2 : require
#include "conv2d_tile.glsl"

void addChannels(uint start[tile_pixels], bool inside[tile_pixels], uint row, uint tile) {
    for (uint i = 0; i < channels; i += 4) {
        vec4 value[tile_pixels];
        [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
            // By way of uvec2, since a reference cast straight into another breaks a software driver (SwiftShader).
            value[t] = vec4(Const4(uvec2(x)).at[(start[t] + i) / 4]);
            if (padded) value[t] = inside[t] ? value[t] : vec4(0);
        }
        [[unroll]] for (uint j = 0; j < 4; ++j) {
            float weight[tile_vectors];
            loadWeights(row + i + j, tile, weight);
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                [[unroll]] for (uint v = 0; v < tile_vectors; ++v) sum[t][v] = fma(value[t][j], weight[v], sum[t][v]);
        }
    }
}

void convolve(uint first, uint tile) {
    int h0[tile_pixels], w0[tile_pixels];
    uint origin[tile_pixels];
    windowsOf(first, h0, w0, origin);
    clear();
    for (uint r = 0; r < kernelH; ++r) {
        for (uint s = 0; s < kernelW; ++s) {
            uint start[tile_pixels];
            bool inside[tile_pixels];
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                inside[t] = !padded || (uint(h0[t] + int(r) * dilationH) < height && uint(w0[t] + int(s) * dilationW) < width);
                start[t] = inside[t] ? origin[t] + tapOffset(r, s) : 0;
            }
            addChannels(start, inside, (r * kernelW + s) * channels, tile);
        }
    }
}

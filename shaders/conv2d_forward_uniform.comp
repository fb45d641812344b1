// A workgroup's tile of tile_pixels pixels by tile_vectors vectors of output channels, lanes along the channels; one group. Inputs are loaded
// by uniform addresses, four channels at a time: for devices that load once for all lanes of a subgroup, and those whose subgroups
// cannot pass values. Relies on no subgroup operation.
// Channels, row stride and alignment of x are multiples of four elements.
// Workgroup: any size in x; workgroups stride over tiles of pixels in x and over tiles of channels in y.
#version 460
#extension GL_EXT_buffer_reference_uvec2 : require
#include "conv2d.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 4) const uint tile_vectors = 2;

const uint lanes = gl_WorkGroupSize.x;
const uint tile_outputs = tile_vectors * lanes;

float sum[tile_pixels][tile_vectors];

// The output channel of this lane's vector v in a tile: neighbouring lanes have neighbouring loads.
uint column(uint tile, uint v) { return tile + v * lanes + gl_LocalInvocationID.x; }

void loadWeights(uint row, uint tile, out float weight[tile_vectors]) {
    // A lane behind the last channel repeats it; its result is not stored.
    [[unroll]] for (uint v = 0; v < tile_vectors; ++v) weight[v] = float(w.at[row * outputs + min(column(tile, v), outputs - 1)]);
}

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
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
        [[unroll]] for (uint v = 0; v < tile_vectors; ++v) sum[t][v] = 0;
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

void store(uint first, uint tile) {
    [[unroll]] for (uint v = 0; v < tile_vectors; ++v) {
        uint o = column(tile, v);
        if (o < outputs) {
            float bias = biased ? b.at[o] : 0;
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                float result = clamped(sum[t][v] + bias);
                if (first + t < pixels) {
                    uint at = target(first, t) + o;
                    if (accumulate) result += float(y.at[at]);
                    y.at[at] = ELEMENT(result);
                }
            }
        }
    }
}

void main() {
    for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs) {
        for (uint first = gl_WorkGroupID.x * tile_pixels; first < pixels; first += gl_NumWorkGroups.x * tile_pixels) {
            convolve(first, tile);
            store(first, tile);
        }
    }
}

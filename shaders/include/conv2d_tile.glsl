// A workgroup's tile of tile_pixels pixels by tile_vectors vectors of output channels, lanes along the channels; one group.
// The including file defines convolve, which leaves the products' sums in `sum`.
// With WIDE a lane takes two neighbouring elements per load (8 bytes): channels, outputs, strides and alignments are even.
// Workgroups stride over tiles of pixels in x and over tiles of channels in y.
#include "conv2d.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 4) const uint tile_vectors = 2;

const uint lanes = gl_WorkGroupSize.x;

#include "pairs.glsl"

const uint tile_outputs = tile_vectors * lanes;

float sum[tile_pixels][tile_vectors];
void convolve(uint first, uint tile);

// The output channel of this lane's vector v in a tile: neighbouring lanes have neighbouring loads.
uint column(uint tile, uint v) {
    return tile + v / per_load * lanes * per_load + gl_LocalInvocationID.x * per_load + v % per_load;
}

void loadWeights(uint row, uint tile, out float weight[tile_vectors]) {
    [[unroll]] for (uint v = 0; v < tile_vectors; v += per_load) {
        // A lane behind the last channel repeats it; its result is not stored.
        Loaded loaded = LOAD(w, row * outputs + min(column(tile, v), outputs - per_load));
        [[unroll]] for (uint j = 0; j < per_load; ++j) weight[v + j] = COMPONENT(loaded, j);
    }
}

void clear() {
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
        [[unroll]] for (uint v = 0; v < tile_vectors; ++v) sum[t][v] = 0;
}

void store(uint first, uint tile) {
    [[unroll]] for (uint v = 0; v < tile_vectors; v += per_load) {
        uint o = column(tile, v);
        if (o < outputs) {
            Loaded bias = Loaded(0);
            if (biased) bias = LOAD_FLOAT(b, o);
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                Loaded result;
                [[unroll]] for (uint j = 0; j < per_load; ++j) COMPONENT(result, j) = clamped(sum[t][v + j] + COMPONENT(bias, j));
                if (first + t < pixels) {
                    uint at = target(first, t) + o;
                    if (accumulate) result += LOAD(y, at);
                    STORE(y, at, result);
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

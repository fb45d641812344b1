// The tile of include/conv2d_tile.glsl for subgroups: each lane loads one of as many neighbouring input elements as there are
// lanes, and the subgroup passes them round: an input is loaded once for all channels of the tile.
// With `joined` a row of the kernel and its channels are one run of elements, for few channels; rows of x must touch and
// dilationW be 1.
// Workgroup: exactly one whole subgroup.
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require
#include "conv2d_tile.glsl"

layout(constant_id = 5) const bool joined = false;

const uint block = lanes * per_load;
// Elements that are added to one sum after another, without a loop: sums are too many for the registers, and each is loaded and stored but once.
// Fewer for many sums, whose code would leave the processor's cache of it.
const uint most = tile_pixels * tile_vectors > 128 ? 4 : 8;
const uint unrolled = block < most ? block : most;

// Multiplies what the lanes from `lane` on hold, `count` elements, with as many rows of the weights from `row` on.
void multiply(Loaded value[tile_pixels], uint lane, uint row, uint tile, const uint count) {
    float weight[unrolled][tile_vectors];
    [[unroll]] for (uint k = 0; k < count; ++k) loadWeights(row + k, tile, weight[k]);
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
        float one[unrolled];
        [[unroll]] for (uint k = 0; k < count; ++k) one[k] = subgroupShuffle(COMPONENT(value[t], k % per_load), lane + k / per_load);
        [[unroll]] for (uint v = 0; v < tile_vectors; ++v) {
            float add = sum[t][v];
            [[unroll]] for (uint k = 0; k < count; ++k) add = fma(one[k], weight[k][v], add);
            sum[t][v] = add;
        }
    }
}

// Adds a run of `count` neighbouring input elements of every pixel, from start; element i of pixel t counts as zero unless
// lowest[t] + i is in [0, span).
void addRun(uint start[tile_pixels], int lowest[tile_pixels], uint span, uint count, uint row, uint tile) {
    uint mine = gl_SubgroupInvocationID * per_load;
    for (uint i = 0; i < count; i += block) {
        Loaded value[tile_pixels];
        [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
            bool inside = (!padded || uint(lowest[t] + int(i + mine)) < span) && i + mine < count;
            Loaded loaded = LOAD(x, inside ? start[t] + i + mine : 0);
            value[t] = inside ? loaded : Loaded(0);
        }
        // Loops of a constant length: software drivers are twice as slow on others.
        if (i + block <= count) {
            for (uint lane = 0; lane < lanes; lane += unrolled / per_load) multiply(value, lane, row + i + lane * per_load, tile, unrolled);
        } else {
            for (uint k = 0; i + k < count; k += per_load) multiply(value, k / per_load, row + i + k, tile, per_load);
        }
    }
}

void convolve(uint first, uint tile) {
    int h0[tile_pixels], w0[tile_pixels];
    uint origin[tile_pixels];
    windowsOf(first, h0, w0, origin);
    clear();
    uint run = joined ? kernelW * channels : channels;
    uint span = joined ? width * channels : channels;
    for (uint r = 0; r < kernelH; ++r) {
        for (uint s = 0; s < (joined ? 1 : kernelW); ++s) {
            uint start[tile_pixels];
            int lowest[tile_pixels];
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                start[t] = origin[t] + tapOffset(r, s);
                bool inside = uint(h0[t] + int(r) * dilationH) < height && (joined || uint(w0[t] + int(s) * dilationW) < width);
                lowest[t] = inside ? (joined ? w0[t] * int(channels) : 0) : int(0x80000000);
            }
            addRun(start, lowest, span, run, (r * kernelW + s) * channels, tile);
        }
    }
}

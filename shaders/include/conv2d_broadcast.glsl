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
// Lanes whose elements are multiplied without a loop: enough to hide the loop, few enough to compile soon.
const uint unrolled = 4;

// Multiplies what lane `lane` holds, its element `part`, with row `row` of the weights.
void multiply(Loaded value[tile_pixels], uint lane, uint part, uint row, uint tile) {
    float weight[tile_vectors];
    loadWeights(row, tile, weight);
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
        float one = subgroupShuffle(COMPONENT(value[t], part), lane);
        [[unroll]] for (uint v = 0; v < tile_vectors; ++v) sum[t][v] = fma(one, weight[v], sum[t][v]);
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
            for (uint lane = 0; lane < lanes; lane += unrolled)
                [[unroll]] for (uint k = 0; k < unrolled * per_load; ++k)
                    multiply(value, lane + k / per_load, k % per_load, row + i + lane * per_load + k, tile);
        } else {
            for (uint k = 0; i + k < count; k += per_load)
                [[unroll]] for (uint part = 0; part < per_load; ++part) multiply(value, k / per_load, part, row + i + k + part, tile);
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

// A workgroup's tile of tile_pixels pixels by tile_vectors vectors of output channels, lanes along the channels; one group. Each lane loads
// one of as many neighbouring input elements as there are lanes, and the subgroup passes them round: an input is loaded once for all
// channels of the tile.
// With `joined` a row of the kernel and its channels are one run of elements, for few channels; rows of x must touch and
// dilationW be 1.
// With WIDE a lane takes two neighbouring elements per load (8 bytes): channels, outputs, strides and alignments are even.
// As many vectors of sums as GROUP says (of which tile_vectors is a multiple) are one variable, in main itself: drivers without a cache of
// their intermediate code make this text anew at each start, in two thirds of the time that scalars and functions of arrays take them.
// Workgroup: exactly one whole subgroup; workgroups stride over tiles of pixels in x, over tiles of channels in y.
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require
#include "conv2d.glsl"
#include "pairs.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 4) const uint tile_vectors = 4;
layout(constant_id = 5) const bool joined = false;
// Whether no run is shorter than a block: the last block of each then ends with it, and counts what the block before it had as zeros.
layout(constant_id = 8) const bool whole = false;

const uint lanes = gl_WorkGroupSize.x;
const uint tile_outputs = tile_vectors * lanes;
const uint block = lanes * per_load;
// Elements that are added to one sum after another, without a loop: sums are too many for the registers, and each is loaded and stored but once.
// Fewer for many sums, whose code would leave the processor's cache of it.
const uint most = tile_pixels * tile_vectors > 128 ? 4 : 8;
const uint unrolled = block < most ? block : most;

#ifdef WIDE
#ifndef GROUP
#define GROUP 2
#endif
#else
#define GROUP 1
#endif
#if GROUP == 4
#define Sums vec4
#else
#define Sums Loaded
#endif
const uint groups = tile_vectors / GROUP;

// The first output channel of what this lane loads or stores at a time: neighbouring lanes have neighbouring channels.
uint column(uint tile, uint part) {
    return tile + (part * lanes + gl_SubgroupInvocationID) * per_load;
}

// A lane behind the last channel repeats it; its result is not stored.
uint columnInside(uint tile, uint part) { return min(column(tile, part), outputs - per_load); }

#if GROUP == 4
Sums loadWeights(uint row, uint tile, uint group) {
    return vec4(LOAD(w, row * outputs + columnInside(tile, group * 2)), LOAD(w, row * outputs + columnInside(tile, group * 2 + 1)));
}

Sums loadBias(uint tile, uint group) {
    return vec4(LOAD_FLOAT(b, columnInside(tile, group * 2)), LOAD_FLOAT(b, columnInside(tile, group * 2 + 1)));
}
#else
Sums loadWeights(uint row, uint tile, uint group) { return LOAD(w, row * outputs + columnInside(tile, group)); }

Sums loadBias(uint tile, uint group) { return LOAD_FLOAT(b, columnInside(tile, group)); }
#endif

void store(uint row, uint o, Loaded result) {
    if (o < outputs) {
        if (accumulate) result += LOAD(y, row + o);
        STORE(y, row + o, result);
    }
}

void main() {
    uint run = joined ? kernelW * channels : channels, span = joined ? width * channels : channels;
    uint mine = gl_SubgroupInvocationID * per_load;
    for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs) {
        for (uint first = gl_WorkGroupID.x * tile_pixels; first < pixels; first += gl_NumWorkGroups.x * tile_pixels) {
            int h0[tile_pixels], w0[tile_pixels];
            uint origin[tile_pixels];
            windowsOf(first, h0, w0, origin);
            Sums sum[tile_pixels][groups];
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                [[unroll]] for (uint g = 0; g < groups; ++g) sum[t][g] = Sums(0);
            for (uint r = 0; r < kernelH; ++r) {
                for (uint s = 0; s < (joined ? 1 : kernelW); ++s) {
                    // Element i of pixel t counts as zero unless lowest[t] + i is in [0, span).
                    uint start[tile_pixels];
                    int lowest[tile_pixels];
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                        start[t] = origin[t] + tapOffset(r, s) + mine;
                        bool inside = uint(h0[t] + int(r) * dilationH) < height && (joined || uint(w0[t] + int(s) * dilationW) < width);
                        lowest[t] = inside ? (joined ? w0[t] * int(channels) : 0) : int(0x80000000);
                    }
                    for (uint i = 0; i < run; i += block) {
                        Loaded value[tile_pixels];
                        uint from = whole ? min(i, run - block) : i, row = (r * kernelW + s) * channels + from;
                        bool taken = whole ? from + mine >= i : i + mine < run;
                        [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                            bool inside = (!padded || uint(lowest[t] + int(from + mine)) < span) && taken;
                            Loaded loaded = LOAD(x, inside ? start[t] + from : 0);
                            value[t] = inside ? loaded : Loaded(0);
                        }
                        // A loop of a constant length, and a condition even where it always holds: a software driver is slower on others, and without.
                        if (from + block <= run) {
                            for (uint lane = 0; lane < lanes; lane += unrolled / per_load) {
                                Sums weight[unrolled][groups];
                                [[unroll]] for (uint k = 0; k < unrolled; ++k)
                                    [[unroll]] for (uint g = 0; g < groups; ++g) weight[k][g] = loadWeights(row + k, tile, g);
                                [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                                    float one[unrolled];
                                    [[unroll]] for (uint k = 0; k < unrolled; ++k) one[k] = subgroupShuffle(COMPONENT(value[t], k % per_load), lane + k / per_load);
                                    [[unroll]] for (uint g = 0; g < groups; ++g) {
                                        Sums add = sum[t][g];
                                        [[unroll]] for (uint k = 0; k < unrolled; ++k) add = fma(Sums(one[k]), weight[k][g], add);
                                        sum[t][g] = add;
                                    }
                                }
                                row += unrolled;
                            }
                        } else if (!whole) {
                            uint left = (run - i) / per_load;
                            for (uint lane = 0; lane < left; ++lane) {
                                Sums weight[per_load][groups];
                                [[unroll]] for (uint k = 0; k < per_load; ++k)
                                    [[unroll]] for (uint g = 0; g < groups; ++g) weight[k][g] = loadWeights(row + k, tile, g);
                                [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                                    [[unroll]] for (uint k = 0; k < per_load; ++k) {
                                        float one = subgroupShuffle(COMPONENT(value[t], k), lane);
                                        [[unroll]] for (uint g = 0; g < groups; ++g) sum[t][g] = fma(Sums(one), weight[k][g], sum[t][g]);
                                    }
                                row += per_load;
                            }
                        }
                    }
                }
            }
            [[unroll]] for (uint g = 0; g < groups; ++g) {
                Sums bias = Sums(0);
                if (biased) bias = loadBias(tile, g);
                [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                    Sums result = clamped(sum[t][g] + bias);
                    if (first + t < pixels) {
                        uint to = target(first, t);
#if GROUP == 4
                        store(to, column(tile, g * 2), result.xy);
                        store(to, column(tile, g * 2 + 1), result.zw);
#else
                        store(to, column(tile, g), result);
#endif
                    }
                }
            }
        }
    }
}

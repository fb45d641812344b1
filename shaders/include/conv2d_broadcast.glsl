// A workgroup's tile of tile_pixels pixels by tile_vectors vectors of output channels, lanes along the channels; one group. Each lane loads
// one of as many neighbouring input elements as there are lanes, and the subgroup passes them round: an input is loaded once for all
// channels of the tile.
// With `joined` a row of the kernel and its channels are one run of elements, for few channels; rows of x must touch and
// dilationW be 1.
// With WIDE a lane takes two neighbouring elements per load (8 bytes): channels, outputs, strides and alignments are even.
// A text for drivers that make their intermediate code anew at each start, in half of the time that others took: what a lane loads at a time is
// one variable, sums too; all is in main, for functions copy their arrays; and where it can be, nothing branches. (A choice between
// expressions is a branch, one between variables is not.)
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

const uint parts = tile_vectors / per_load;

// The first output channel of what this lane loads or stores at a time: neighbouring lanes have neighbouring channels.
uint column(uint tile, uint part) {
    return tile + (part * lanes + gl_SubgroupInvocationID) * per_load;
}

// A lane behind the last channel repeats it; its result is not stored.
Loaded loadWeights(uint row, uint tile, uint part) { return LOAD(w, row * outputs + min(column(tile, part), outputs - per_load)); }

void main() {
    uint run = joined ? kernelW * channels : channels, span = joined ? width * channels : channels;
    uint mine = gl_SubgroupInvocationID * per_load;
    for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs) {
        for (uint first = gl_WorkGroupID.x * tile_pixels; first < pixels; first += gl_NumWorkGroups.x * tile_pixels) {
            int h0[tile_pixels], w0[tile_pixels];
            uint origin[tile_pixels];
            windowsOf(first, h0, w0, origin);
            Loaded sum[tile_pixels][parts];
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                [[unroll]] for (uint v = 0; v < parts; ++v) sum[t][v] = Loaded(0);
            for (uint r = 0; r < kernelH; ++r) {
                for (uint s = 0; s < (joined ? 1 : kernelW); ++s) {
                    // Element i of pixel t counts as zero unless lowest[t] + i is in [0, span).
                    uint start[tile_pixels];
                    int lowest[tile_pixels];
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                        start[t] = origin[t] + tapOffset(r, s) + mine;
                        bool insideHeight = uint(h0[t] + int(r) * dilationH) < height, insideWidth = uint(w0[t] + int(s) * dilationW) < width || joined;
                        bool inside = insideHeight && insideWidth;
                        int begin = joined ? w0[t] * int(channels) : 0;
                        lowest[t] = inside ? begin : int(0x80000000);
                    }
                    for (uint i = 0; i < run; i += block) {
                        Loaded value[tile_pixels];
                        uint from = whole ? min(i, run - block) : i, row = (r * kernelW + s) * channels + from;
                        bool taken = whole ? from + mine >= i : i + mine < run;
                        [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                            bool insideRow = uint(lowest[t] + int(from + mine)) < span || !padded;
                            bool inside = insideRow && taken;
                            uint element = start[t] + from;
                            element = inside ? element : 0;
                            Loaded loaded = LOAD(x, element);
                            value[t] = inside ? loaded : Loaded(0);
                        }
                        // A loop of a constant length, and a condition even where it always holds: a software driver is slower on others, and without.
                        if (from + block <= run) {
                            for (uint lane = 0; lane < lanes; lane += unrolled / per_load) {
                                Loaded weight[unrolled][parts];
                                [[unroll]] for (uint k = 0; k < unrolled; ++k)
                                    [[unroll]] for (uint v = 0; v < parts; ++v) weight[k][v] = loadWeights(row + k, tile, v);
                                [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                                    float one[unrolled];
                                    [[unroll]] for (uint k = 0; k < unrolled; ++k) one[k] = subgroupShuffle(COMPONENT(value[t], k % per_load), lane + k / per_load);
                                    [[unroll]] for (uint v = 0; v < parts; ++v) {
                                        Loaded add = sum[t][v];
                                        [[unroll]] for (uint k = 0; k < unrolled; ++k) add = fma(Loaded(one[k]), weight[k][v], add);
                                        sum[t][v] = add;
                                    }
                                }
                                row += unrolled;
                            }
                        } else if (!whole) {
                            uint left = (run - i) / per_load;
                            for (uint lane = 0; lane < left; ++lane) {
                                Loaded weight[per_load][parts];
                                [[unroll]] for (uint k = 0; k < per_load; ++k)
                                    [[unroll]] for (uint v = 0; v < parts; ++v) weight[k][v] = loadWeights(row + k, tile, v);
                                [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                                    [[unroll]] for (uint k = 0; k < per_load; ++k) {
                                        float one = subgroupShuffle(COMPONENT(value[t], k), lane);
                                        [[unroll]] for (uint v = 0; v < parts; ++v) sum[t][v] = fma(Loaded(one), weight[k][v], sum[t][v]);
                                    }
                                row += per_load;
                            }
                        }
                    }
                }
            }
            // Pixels behind the last repeat it, so they are stored without a branch: all loads are before all stores.
            [[unroll]] for (uint v = 0; v < parts; ++v) {
                uint o = column(tile, v);
                if (o < outputs) {
                    Loaded bias = Loaded(0);
                    if (biased) bias = LOAD_FLOAT(b, o);
                    Loaded result[tile_pixels];
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                        result[t] = clamped(sum[t][v] + bias);
                        if (accumulate) result[t] += LOAD(y, target(first, t) + o);
                    }
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) STORE(y, target(first, t) + o, result[t]);
                }
            }
        }
    }
}

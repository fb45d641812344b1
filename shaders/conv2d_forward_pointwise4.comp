// 1×1 convolutions at unit strides of up to three tensors of the same pixels, added up: y[m,o] (+)= sum over j, i of xj[m,i] * w[channels of those before + i, o].
// The input gradient of an inception module is one such sum. With `masked` it is finished: 0 where v, the tensor whose gradient it is, was clamped,
// v[m,o] <= low or v[m,o] >= high (include/masking.glsl).
// Layout: channels last, row strides their own; w dense in rows of `outputs` elements.
// A tile of tile_pixels pixels by tile_vectors vectors of channels as in include/conv2d_broadcast.glsl, four vectors of sums to a variable. Lanes take
// two neighbouring elements per load: channels, outputs, strides and alignments are even, tile_vectors a multiple of four.
// Workgroup: exactly one whole subgroup; workgroups stride over tiles of pixels in x, over tiles of channels in y.
#version 460
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require
#define WIDE
#include "tensor.glsl"
#include "pairs.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint tile_pixels = 28;
layout(constant_id = 2) const uint tile_vectors = 8;
layout(constant_id = 3) const uint sources = 1;
layout(constant_id = 4) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const x0, x1, x2;
    Const w;
    Const v;
    Tensor y;
    uint pixels, outputs;
    uint channels0, channels1, channels2;
    uint rowStride0, rowStride1, rowStride2, vRowStride, yRowStride;
    float32_t low, high;
};

#include "masking.glsl"

const uint lanes = gl_WorkGroupSize.x;
const uint tile_outputs = tile_vectors * lanes;
const uint block = lanes * per_load;
// As in include/conv2d_broadcast.glsl: fewer for many sums, whose code would leave the processor's cache of it.
const uint most = tile_pixels * tile_vectors > 128 ? 4 : 8;
const uint unrolled = block < most ? block : most;
const uint groups = tile_vectors / 4;

// The first of the two output channels that this lane loads or stores at a time: neighbouring lanes have neighbouring channels.
uint column(uint tile, uint part) {
    return tile + (part * lanes + gl_SubgroupInvocationID) * per_load;
}

// A lane behind the last channel repeats it; its result is not stored.
vec2 loadPart(uint row, uint tile, uint part) { return LOAD(w, row * outputs + min(column(tile, part), outputs - per_load)); }

vec4 loadWeights(uint row, uint tile, uint group) { return vec4(loadPart(row, tile, group * 2), loadPart(row, tile, group * 2 + 1)); }

void store(uint pixel, uint o, vec2 result) {
    if (o < outputs) {
        uint at = pixel * yRowStride + o;
        if (accumulate) result += LOAD(y, at);
        if (masked) result = masking(result, LOAD(v, pixel * vRowStride + o));
        STORE(y, at, result);
    }
}

void main() {
    uint mine = gl_SubgroupInvocationID * per_load;
    for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs) {
        for (uint first = gl_WorkGroupID.x * tile_pixels; first < pixels; first += gl_NumWorkGroups.x * tile_pixels) {
            vec4 sum[tile_pixels][groups];
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                [[unroll]] for (uint g = 0; g < groups; ++g) sum[t][g] = vec4(0);
            uint row = 0;
            for (uint source = 0; source < sources; ++source) {
                Const x = Const(source == 0 ? uvec2(x0) : source == 1 ? uvec2(x1) : uvec2(x2));
                uint channels = source == 0 ? channels0 : source == 1 ? channels1 : channels2;
                uint rowStride = source == 0 ? rowStride0 : source == 1 ? rowStride1 : rowStride2;
                for (uint i = 0; i < channels; i += block) {
                    vec2 value[tile_pixels];
                    // Pixels and channels behind the last repeat it: the sums of the ones are not stored, the others are not asked for.
                    uint at = min(i + mine, channels - per_load);
                    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) value[t] = LOAD(x, min(first + t, pixels - 1) * rowStride + at);
                    // Loops of a constant length: software drivers are twice as slow on others.
                    if (i + block <= channels) {
                        for (uint lane = 0; lane < lanes; lane += unrolled / per_load) {
                            vec4 weight[unrolled][groups];
                            [[unroll]] for (uint k = 0; k < unrolled; ++k)
                                [[unroll]] for (uint g = 0; g < groups; ++g) weight[k][g] = loadWeights(row + k, tile, g);
                            [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                                float one[unrolled];
                                [[unroll]] for (uint k = 0; k < unrolled; ++k) one[k] = subgroupShuffle(value[t][k % per_load], lane + k / per_load);
                                [[unroll]] for (uint g = 0; g < groups; ++g) {
                                    vec4 add = sum[t][g];
                                    [[unroll]] for (uint k = 0; k < unrolled; ++k) add = fma(vec4(one[k]), weight[k][g], add);
                                    sum[t][g] = add;
                                }
                            }
                            row += unrolled;
                        }
                    } else {
                        uint left = (channels - i) / per_load;
                        for (uint lane = 0; lane < left; ++lane) {
                            vec4 weight[per_load][groups];
                            [[unroll]] for (uint k = 0; k < per_load; ++k)
                                [[unroll]] for (uint g = 0; g < groups; ++g) weight[k][g] = loadWeights(row + k, tile, g);
                            [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
                                [[unroll]] for (uint k = 0; k < per_load; ++k) {
                                    float one = subgroupShuffle(value[t][k], lane);
                                    [[unroll]] for (uint g = 0; g < groups; ++g) sum[t][g] = fma(vec4(one), weight[k][g], sum[t][g]);
                                }
                            row += per_load;
                        }
                    }
                }
            }
            [[unroll]] for (uint g = 0; g < groups; ++g)
                [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                    vec4 result = sum[t][g] * unknownOne(pixels);
                    if (first + t < pixels) {
                        store(first + t, column(tile, g * 2), result.xy);
                        store(first + t, column(tile, g * 2 + 1), result.zw);
                    }
                }
        }
    }
}

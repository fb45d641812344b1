// The convolution of include/conv2d.glsl, one group, for subgroups: a workgroup is one subgroup and computes tile_pixels pixels of
// tile_vectors vectors of output channels, its lanes along the channels. Each lane loads one of as many neighbouring input
// elements as there are lanes, and the subgroup passes them round: an input is loaded once for all channels of the tile.
// With `joined` a row of the kernel and its channels are one run of elements, for few channels; rows of x must touch and
// dilationW be 1. With WIDE a lane takes two neighbouring elements per load (8 bytes): channels, outputs, strides and alignments are even.
// Workgroup: exactly one whole subgroup; workgroups stride over tiles of pixels in x and over tiles of channels in y.
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require
#include "conv2d.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 4) const uint tile_vectors = 2;
layout(constant_id = 5) const bool joined = false;

const uint lanes = gl_WorkGroupSize.x;

#ifdef WIDE
#extension GL_EXT_shader_explicit_arithmetic_types_int64 : require
// One 64-bit load is cheaper than two of 32 where loads are gathered lane by lane.
layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Pairs { uint64_t at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) writeonly buffer WrittenPairs { uint64_t at[]; };
const uint per_load = 2;
#define Loaded vec2
#define LOAD(tensor, i) uintBitsToFloat(unpack32(Pairs(tensor).at[(i) / 2]))
#define STORE(tensor, i, value) WrittenPairs(tensor).at[(i) / 2] = pack64(floatBitsToUint(value))
#define COMPONENT(value, j) value[j]
#else
const uint per_load = 1;
#define Loaded float
#define LOAD(tensor, i) tensor.at[i]
#define STORE(tensor, i, value) tensor.at[i] = value
#define COMPONENT(value, j) value
#endif

const uint block = lanes * per_load;
// Lanes whose elements are multiplied without a loop: enough to hide the loop, few enough to compile soon.
const uint unrolled = 4;
const uint tile_outputs = tile_vectors * lanes;

float sum[tile_pixels][tile_vectors];

// The output channel of this lane's vector v in a tile: neighbouring lanes have neighbouring loads.
uint column(uint tile, uint v) {
    return tile + v / per_load * block + gl_SubgroupInvocationID * per_load + v % per_load;
}

// Multiplies what lane `lane` holds, its element `part`, with row `row` of the weights.
void multiply(Loaded value[tile_pixels], uint lane, uint part, uint row, uint tile) {
    float weight[tile_vectors];
    [[unroll]] for (uint v = 0; v < tile_vectors; v += per_load) {
        // A lane behind the last channel repeats it; its result is not stored.
        Loaded loaded = LOAD(w, row * outputs + min(column(tile, v), outputs - per_load));
        [[unroll]] for (uint j = 0; j < per_load; ++j) weight[v + j] = COMPONENT(loaded, j);
    }
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
        float one = subgroupShuffle(COMPONENT(value[t], part), lane);
        [[unroll]] for (uint v = 0; v < tile_vectors; ++v) sum[t][v] = fma(one, weight[v], sum[t][v]);
    }
}

// Adds a run of `count` neighbouring input elements of every pixel, from start; element i of pixel t counts as zero unless
// lowest[t] + i is in [0, span).
void accumulate(uint start[tile_pixels], int lowest[tile_pixels], uint span, uint count, uint row, uint tile) {
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
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
        [[unroll]] for (uint v = 0; v < tile_vectors; ++v) sum[t][v] = 0;
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
            accumulate(start, lowest, span, run, (r * kernelW + s) * channels, tile);
        }
    }
}

void store(uint first, uint tile) {
    [[unroll]] for (uint v = 0; v < tile_vectors; v += per_load) {
        uint o = column(tile, v);
        if (o < outputs) {
            Loaded bias = Loaded(0);
            if (biased) bias = LOAD(b, o);
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                Loaded result;
                [[unroll]] for (uint j = 0; j < per_load; ++j) COMPONENT(result, j) = clamped(sum[t][v + j] + COMPONENT(bias, j));
                if (first + t < pixels) STORE(y, (first + t) * yRowStride + o, result);
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

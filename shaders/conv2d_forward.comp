// The convolution of include/conv2d.glsl for any geometry, depthwise included: an invocation computes tile_pixels outputs of one
// channel; neighbouring invocations take neighbouring channels. Relies on nothing but plain loads.
// Workgroup: any size in x; workgroups stride over tiles of pixels in x and over output channels in y.
#version 460
#include "conv2d.glsl"

layout(local_size_x_id = 0) in;
// Whether there are several groups: then each invocation reads the input channels of its own.
layout(constant_id = 4) const bool grouped = false;

void addChannels(inout float sum[tile_pixels], uint start[tile_pixels], bool inside[tile_pixels], uint row, uint o) {
    for (uint i = 0; i < channels; ++i) {
        float weight = float(w.at[(row + i) * outputs + o]);
        [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
            float value = float(x.at[start[t] + i]);
            if (padded) value = inside[t] ? value : 0;
            sum[t] = fma(value, weight, sum[t]);
        }
    }
}

void convolve(uint first, uint o) {
    int h0[tile_pixels], w0[tile_pixels];
    uint origin[tile_pixels];
    windowsOf(first, h0, w0, origin);
    uint firstChannel = grouped ? o / groupOutputs * channels : 0;

    float sum[tile_pixels];
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) sum[t] = 0;
    for (uint r = 0; r < kernelH; ++r) {
        for (uint s = 0; s < kernelW; ++s) {
            uint start[tile_pixels];
            bool inside[tile_pixels];
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                uint h = uint(h0[t] + int(r) * dilationH), v = uint(w0[t] + int(s) * dilationW);
                inside[t] = !padded || (h < height && v < width);
                start[t] = (inside[t] ? origin[t] + tapOffset(r, s) : 0) + firstChannel;
            }
            addChannels(sum, start, inside, (r * kernelW + s) * channels, o);
        }
    }
    float bias = biased ? b.at[o] : 0;
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
        if (first + t < pixels) {
            uint at = target(first, t) + o;
            float before = accumulate ? float(y.at[at]) : 0;
            y.at[at] = ELEMENT(before + clamped(sum[t] + bias));
        }
}

void main() {
    for (uint o = gl_WorkGroupID.y * gl_WorkGroupSize.x + gl_LocalInvocationID.x; o < outputs; o += gl_NumWorkGroups.y * gl_WorkGroupSize.x)
        for (uint first = gl_WorkGroupID.x * tile_pixels; first < pixels; first += gl_NumWorkGroups.x * tile_pixels)
            convolve(first, o);
}

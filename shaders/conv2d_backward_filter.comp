// The filter gradient of include/conv2d_backward_filter.glsl for any geometry, depthwise included: an invocation sums tile_rows rows
// of dw, channels of one tap, for one output channel; neighbouring invocations take neighbouring output channels.
// Workgroup: any size in x; workgroups stride over tiles of rows in x, over output channels in y, over slices of the pixels in z.
#version 460
#include "conv2d_backward_filter.glsl"

layout(local_size_x_id = 0) in;
// Whether there are several groups: then each invocation reads the input channels of its own.
layout(constant_id = 3) const bool grouped = false;

void correlate(uint tap, uint first, uint slice, uint o) {
    uint r = tap / kernelW, s = tap - r * kernelW;
    uint firstChannel = (grouped ? o / groupOutputs * channels : 0) + first;
    uint begin = slice * slicePixels, end = min(begin + slicePixels, pixels);

    float sum[tile_rows];
    [[unroll]] for (uint t = 0; t < tile_rows; ++t) sum[t] = 0;
    Walk at = walkFrom(begin, 1);
    for (uint m = begin; m < end; ++m) {
        uint h = uint(rowUnder(at, r)), v = uint(columnUnder(at, s));
        if (h < height && v < width) {
            float gradient = float(dy.at[m * dyRowStride + o]);
            uint start = ((at.n * height + h) * width + v) * xRowStride + firstChannel;
            // Rows behind the last repeat it; their sums are not stored.
            [[unroll]] for (uint t = 0; t < tile_rows; ++t) sum[t] = fma(float(x.at[start + min(t, channels - 1 - first)]), gradient, sum[t]);
        }
        advance(at);
    }
    [[unroll]] for (uint t = 0; t < tile_rows; ++t) {
        if (first + t < channels) {
            uint to = (slice * rows + tap * channels + first + t) * outputs + o;
            dw.at[to] = (accumulate ? dw.at[to] : 0) + sum[t];
        }
    }
}

void main() {
    uint tiles = (channels + tile_rows - 1) / tile_rows;
    for (uint slice = gl_WorkGroupID.z; slice * slicePixels < pixels; slice += gl_NumWorkGroups.z)
        for (uint o = gl_WorkGroupID.y * gl_WorkGroupSize.x + gl_LocalInvocationID.x; o < outputs; o += gl_NumWorkGroups.y * gl_WorkGroupSize.x)
            for (uint tile = gl_WorkGroupID.x; tile < kernelH * kernelW * tiles; tile += gl_NumWorkGroups.x)
                correlate(tile / tiles, tile % tiles * tile_rows, slice, o);
}

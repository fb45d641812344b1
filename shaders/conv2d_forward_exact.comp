// The convolution of include/conv2d.glsl with sums as exact as if taken in twice the precision: every product and every sum
// carries its rounding error along (TwoProduct by fma, TwoSum: Ogita, Rump and Oishi 2005, algorithm 5.3, Dot2). For gradients that
// are to be compared with a reference: a sign that rounding flips at a ReLU changes a gradient far more than rounding does.
// Workgroup: any size in x, an output channel each; workgroups stride over tiles of pixels in x and over output channels in y.
#version 460
#include "conv2d.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 4) const bool grouped = false;

// `precise`: no compiler may take the errors for zero.
void addProduct(float a, float b, inout float sum, inout float error) {
    precise float product = a * b;
    precise float lost = fma(a, b, -product);
    precise float total = sum + product;
    precise float part = total - sum;
    precise float rounded = (sum - (total - part)) + (product - part);
    precise float errors = error + (rounded + lost);
    sum = total;
    error = errors;
}

void convolve(uint first, uint o) {
    int h0[tile_pixels], w0[tile_pixels];
    uint origin[tile_pixels];
    windowsOf(first, h0, w0, origin);
    uint firstChannel = grouped ? o / groupOutputs * channels : 0;

    float sum[tile_pixels], error[tile_pixels];
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) sum[t] = error[t] = 0;
    for (uint r = 0; r < kernelH; ++r) {
        for (uint s = 0; s < kernelW; ++s) {
            uint start[tile_pixels];
            bool inside[tile_pixels];
            [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                uint h = uint(h0[t] + int(r) * dilationH), v = uint(w0[t] + int(s) * dilationW);
                inside[t] = !padded || (h < height && v < width);
                start[t] = (inside[t] ? origin[t] + tapOffset(r, s) : 0) + firstChannel;
            }
            uint row = (r * kernelW + s) * channels;
            for (uint i = 0; i < channels; ++i) {
                float weight = float(w.at[(row + i) * outputs + o]);
                [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
                    float value = float(x.at[start[t] + i]);
                    addProduct(padded && !inside[t] ? 0 : value, weight, sum[t], error[t]);
                }
            }
        }
    }
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t)
        if (first + t < pixels) {
            if (biased) addProduct(b.at[o], 1, sum[t], error[t]);
            uint at = target(first, t) + o;
            float before = accumulate ? float(y.at[at]) : 0;
            // The error of an infinite sum is no number.
            y.at[at] = ELEMENT(before + clamped(isnan(error[t]) ? sum[t] : sum[t] + error[t]));
        }
}

void main() {
    for (uint o = gl_WorkGroupID.y * gl_WorkGroupSize.x + gl_LocalInvocationID.x; o < outputs; o += gl_NumWorkGroups.y * gl_WorkGroupSize.x)
        for (uint first = gl_WorkGroupID.x * tile_pixels; first < pixels; first += gl_NumWorkGroups.x * tile_pixels)
            convolve(first, o);
}

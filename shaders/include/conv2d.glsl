// What the convolution kernels share: the push block, and the walk over consecutive output pixels.
//
// y[n,o,p,q] = clamp(b[o] + sum over i, r, s of x[n, i, p*strideH + r*dilationH - padTop, q*strideW + s*dilationW - padLeft] * w[r,s,i,o])
// x, y channels last with row strides xRowStride, yRowStride; w dense in [r][s][i in group][o] order. Output pixels are counted
// through all images: m = (n*outHeight + p)*outWidth + q < pixels. `channels` and `groupOutputs` are
// the input and output channels of one group, `outputs` the output channels of all. NaN passes the clamp.
// With `accumulate` the result is added to y. With `scattered` output pixel (n, p, q) is row q of line p of image n by strides of
// their own, from element yOrigin on: the pixels of y that one phase of a strided convolution's gradient reaches.
// Padding may be negative: then the windows start inside the image.
#include "tensor.glsl"

// Output pixels per tile.
#ifndef TILE_PIXELS
#define TILE_PIXELS 7
#endif
layout(constant_id = 1) const uint tile_pixels = TILE_PIXELS;
// Whether a window can reach outside the image; without it no input is checked.
layout(constant_id = 2) const bool padded = true;
layout(constant_id = 3) const bool biased = true;
layout(constant_id = 6) const bool accumulate = false;
layout(constant_id = 7) const bool scattered = false;

layout(push_constant, scalar) uniform Push {
    Const x;
    Const w;
    ConstFloat b;
    Tensor y;
    uint pixels, channels, outputs, groupOutputs;
    uint xRowStride;
    uint yOrigin, yRowStride, yLineStride, yImageStride;
    uint height, width, outHeight, outWidth;
    uint kernelH, kernelW;
    int strideH, strideW, padTop, padLeft, dilationH, dilationW;
    float32_t low, high;
};

// Where the tile's pixels lie in y, if scattered: set by windowsOf.
uint scatteredTo[tile_pixels];

// The element of y where pixel t of the tile begins; of a pixel behind the last, the last one's.
uint target(uint first, uint t) {
    return scattered ? scatteredTo[t] : min(first + t, pixels - 1) * yRowStride;
}

// The windows of a tile's pixels: first row and column (negative in the padding), and the element of x where the window starts.
// Pixels behind the last repeat it; their results are not stored.
void windowsOf(uint first, out int h0[tile_pixels], out int w0[tile_pixels], out uint origin[tile_pixels]) {
    uint line = first / outWidth;
    uint q = first - line * outWidth;
    uint n = line / outHeight;
    uint p = line - n * outHeight;
    [[unroll]] for (uint t = 0; t < tile_pixels; ++t) {
        h0[t] = int(p) * strideH - padTop;
        w0[t] = int(q) * strideW - padLeft;
        // Wraps around for a window that starts outside; adding a tap inside brings it back.
        origin[t] = ((n * height + uint(h0[t])) * width + uint(w0[t])) * xRowStride;
        if (scattered) scatteredTo[t] = yOrigin + n * yImageStride + p * yLineStride + q * yRowStride;
        // Choices, for branches take drivers long to make.
        q += uint(first + t + 1 < pixels);
        bool nextLine = q == outWidth;
        q = nextLine ? 0 : q;
        p += uint(nextLine);
        bool nextImage = p == outHeight;
        p = nextImage ? 0 : p;
        n += uint(nextImage);
    }
}

// How far the tap (r, s) lies behind the window's start, in elements of x.
uint tapOffset(uint r, uint s) {
    return (r * uint(dilationH) * width + s * uint(dilationW)) * xRowStride;
}

// NaN passes.
float clamped(float value) {
    value = value < low ? low : value;
    return value > high ? high : value;
}

vec2 clamped(vec2 value) {
    value = mix(value, vec2(low), lessThan(value, vec2(low)));
    return mix(value, vec2(high), greaterThan(value, vec2(high)));
}

// The formula of pool_backward without dilation, for a tile of tile_h by tile_w pixels per invocation: every window is read once per tile.
// The tile's sides are multiples of the strides, so which tap of which window a pixel is, is constant. A window outside the image is
// read as the nearest one inside, and dropped: so nothing branches.
// Layout: channels last, row strides their own; dx of `height` by `width`, dy and index of `outHeight` by `outWidth`; index: include/positions.glsl; a mean reads none.
// Workgroup: any; invocations stride over `count` = images * tiles * `channels`, groups of four channels where `four`.
#version 460
#include "tensor.glsl"
#include "channels.glsl"
#include "positions.glsl"
#include "pixel.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 3) const bool accumulate = false;
layout(constant_id = 4) const bool maximum = true;
layout(constant_id = 5) const bool include_padding = false;
layout(constant_id = 6) const int tile_h = 2;
layout(constant_id = 7) const int tile_w = 4;
layout(constant_id = 8) const int kernel_h = 3;
layout(constant_id = 9) const int kernel_w = 3;
layout(constant_id = 10) const int stride_h = 2;
layout(constant_id = 11) const int stride_w = 2;
layout(constant_id = 12) const int pad_top = 0;
layout(constant_id = 13) const int pad_left = 0;

layout(push_constant, scalar) uniform Push {
    Const dy;
    Index index;
    Tensor dx;
    uint count, channels;
    uint dyRowStride, indexRowStride, dxRowStride;
    int height, width, outHeight, outWidth;
    int padBottom, padRight;
};

// Pixels of an invocation along a row: a processor takes two tiles side by side, for its loads cost more than its registers.
#ifdef PAIRS
const uint side = 2;
#else
const uint side = 1;
#endif
const int columns = tile_w * int(side);

// Windows before the one that begins at the tile's first pixel, and all that hold a pixel of the tile.
const int before_h = (kernel_h - 1 - pad_top) / stride_h;
const int before_w = (kernel_w - 1 - pad_left) / stride_w;
const int windows_h = before_h + (tile_h - 1 + pad_top) / stride_h + 1;
const int windows_w = before_w + (columns - 1 + pad_left) / stride_w + 1;

// Channels whose sums are taken at a time: a processor's registers hold the sums of two.
#ifdef PAIRS
#define PART vec2
const uint parts = four ? 2 : 1;
#else
#define PART vec4
const uint parts = 1;
#endif

PART loadPart(Const x, uint e) {
#ifdef PAIRS
    return wide ? loadPair(x, e / 2) : vec2(x.at[e], four ? x.at[e + 1] : 0);
#else
    return load(x, e);
#endif
}

void addPart(uint e, PART v) {
#ifdef PAIRS
    if (accumulate) v += loadPart(Const(uvec2(dx)), e);
    if (wide) {
        storePair(dx, e / 2, v);
    } else {
        dx.at[e] = v.x;
        if (four) dx.at[e + 1] = v.y;
    }
#else
    addTo(dx, e, v, accumulate);
#endif
}

// Pixels of a window that count in its mean, along one axis.
int divisor(int start, int kernel, int extent, int padEnd) {
    return include_padding ? min(kernel, extent + padEnd - start) : min(start + kernel, extent) - max(start, 0);
}

// Where the maxima of all windows were found: read once for all parts.
uint found[windows_h][windows_w];

void find(uint n, int h0, int w0, uint group) {
    int p0 = h0 / stride_h - before_h, q0 = w0 / stride_w - before_w;
    [[unroll]] for (int k = 0; k < windows_h; ++k) {
        int p = clamp(p0 + k, 0, outHeight - 1);
        uint line = (n * uint(outHeight) + uint(p)) * uint(outWidth);
        [[unroll]] for (int j = 0; j < windows_w; ++j) {
            int q = clamp(q0 + j, 0, outWidth - 1);
            uint word = index.at[(line + uint(q)) * indexRowStride + group];
            found[k][j] = p == p0 + k && q == q0 + j ? word : 0xffffffffu;
        }
    }
}

void gather(uint n, int h0, int w0, uint group, uint part) {
    int p0 = h0 / stride_h - before_h, q0 = w0 / stride_w - before_w;
    uint c = group * lanes + 2 * part;
    PART sums[tile_h][columns];
    [[unroll]] for (int t = 0; t < tile_h; ++t)
        [[unroll]] for (int u = 0; u < columns; ++u) sums[t][u] = PART(0);
    [[unroll]] for (int k = 0; k < windows_h; ++k) {
        int p = clamp(p0 + k, 0, outHeight - 1);
        uint line = (n * uint(outHeight) + uint(p)) * uint(outWidth);
        [[unroll]] for (int j = 0; j < windows_w; ++j) {
            int q = clamp(q0 + j, 0, outWidth - 1);
            bool inside = p == p0 + k && q == q0 + j;
            PART gradient = loadPart(dy, (line + uint(q)) * dyRowStride + c);
            uvec4 won = uvec4(0);
            if (maximum) {
                won = unpacked(found[k][j]);
                if (part == 1) won.xy = won.zw;
            } else {
                int pixels = divisor(p * stride_h - pad_top, kernel_h, height, padBottom) * divisor(q * stride_w - pad_left, kernel_w, width, padRight);
                gradient = inside ? gradient / float(pixels) : PART(0);
            }
            [[unroll]] for (int t = 0; t < tile_h; ++t) {
                int r = t + pad_top - (k - before_h) * stride_h;
                if (r < 0 || r >= kernel_h) continue;
                [[unroll]] for (int u = 0; u < columns; ++u) {
                    int s = u + pad_left - (j - before_w) * stride_w;
                    if (s < 0 || s >= kernel_w) continue;
                    PART passed = gradient;
                    if (maximum) {
                        [[unroll]] for (uint m = 0; m < lanes / parts; ++m) passed[m] = won[m] == uint(r * kernel_w + s) ? gradient[m] : 0;
                    }
                    sums[t][u] += passed;
                }
            }
        }
    }
    [[unroll]] for (int t = 0; t < tile_h; ++t)
        [[unroll]] for (int u = 0; u < columns; ++u)
            if (h0 + t < height && w0 + u < width)
                addPart(((n * uint(height) + uint(h0 + t)) * uint(width) + uint(w0 + u)) * dxRowStride + c, sums[t][u]);
}

void main() {
    uint tilesH = uint(height + tile_h - 1) / tile_h, tilesW = uint(width + tile_w - 1) / tile_w;
    uint taken = (tilesW + side - 1) / side, all = count / tilesW * taken;
    for (uint i = gl_GlobalInvocationID.x; i < all; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, tilesH, taken, row);
        int h0 = int(at.p) * tile_h, w0 = int(at.q) * columns;
        if (maximum) find(at.n, h0, w0, at.c);
        [[unroll]] for (uint part = 0; part < parts; ++part) gather(at.n, h0, w0, at.c, part);
    }
}

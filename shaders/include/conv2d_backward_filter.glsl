// What the kernels of a convolution's filter gradient share: the push block, and the walk over the pixels of a slice.
//
// dw[r,s,i,o] = sum over n, p, q of x[n, i, p*strideH + r*dilationH - padTop, q*strideW + s*dilationW - padLeft] * dy[n,o,p,q]
// x, dy channels last with row strides xRowStride, dyRowStride; dw dense in [r][s][i in group][o] order: `rows` rows of `outputs`
// elements. Output pixels are counted through all images: m = (n*outHeight + p)*outWidth + q < pixels.
// Workgroups of one z sum a slice of slicePixels pixels and write the z-th of as many arrays at dw as there are slices; with
// `accumulate` (one slice only) they add to dw. `channels` and `groupOutputs` belong to one group, `outputs` to all.
#include "tensor.glsl"

// Consecutive rows of dw per tile.
layout(constant_id = 1) const uint tile_rows = 8;
layout(constant_id = 2) const bool accumulate = false;

layout(push_constant, scalar) uniform Push {
    Const x;
    Const dy;
    TensorFloat dw;
    uint pixels, slicePixels;
    uint channels, outputs, groupOutputs, rows;
    uint xRowStride, dyRowStride;
    uint height, width, outHeight, outWidth;
    uint kernelH, kernelW;
    int strideH, strideW, padTop, padLeft, dilationH, dilationW;
};

// A walk over output pixels in steps of one length: counters and carries, for divisions are dear.
struct Walk {
    uint n, p, q;
    uint stepN, stepP, stepQ;
};

Walk walkFrom(uint m, uint steps) {
    Walk at;
    uint line = m / outWidth;
    at.q = m - line * outWidth;
    at.n = line / outHeight;
    at.p = line - at.n * outHeight;
    line = steps / outWidth;
    at.stepQ = steps - line * outWidth;
    at.stepN = line / outHeight;
    at.stepP = line - at.stepN * outHeight;
    return at;
}

void advance(inout Walk at) {
    at.q += at.stepQ;
    at.p += at.stepP;
    at.n += at.stepN;
    if (at.q >= outWidth) {
        at.q -= outWidth;
        ++at.p;
    }
    if (at.p >= outHeight) {
        at.p -= outHeight;
        ++at.n;
    }
}

// The row and column of x under tap (r, s) of the window at the walk's pixel; negative in the padding.
int rowUnder(Walk at, uint r) { return int(at.p) * strideH + int(r) * dilationH - padTop; }
int columnUnder(Walk at, uint s) { return int(at.q) * strideW + int(s) * dilationW - padLeft; }

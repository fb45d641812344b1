// The maximum of pool_forward in a training step: also saves index[n,c,p,q] = r*kernelW + s, the tap that won. Of equal ones the first in
// row-major order wins, a NaN wins over everything before it (PyTorch); a window without a pixel inside the image saves all bits set.
// With `masked` so does one whose maximum was clamped (include/masking.glsl).
// Layout: channels last, row strides their own; x of `height` by `width`, y and index of `outHeight` by `outWidth`; index: include/positions.glsl.
// Workgroup: any; invocations stride over `count` elements (groups of four where `four`) of y, `channels` of them in a pixel.
#version 460
#include "tensor.glsl"
#include "channels.glsl"
#include "positions.glsl"
#include "pixel.glsl"
#include "window.glsl"

layout(local_size_x_id = 0) in;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    Index index;
    uint count, channels;
    uint xRowStride, yRowStride, indexRowStride;
    int height, width;
    uint outHeight, outWidth;
    int kernelH, kernelW, strideH, strideW, dilationH, dilationW;
    int padTop, padLeft;
    float32_t low, high;
};

#include "masking.glsl"

// Nowhere, where the maximum was clamped: its gradient would not pass.
uvec4 passing(uvec4 taps, vec4 best) {
    [[unroll]] for (uint k = 0; k < lanes; ++k) taps[k] = masked && isClamped(best[k]) ? 0xffffffffu : taps[k];
    return taps;
}

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, outHeight, outWidth, row);
        int h0 = int(at.p) * strideH - padTop, w0 = int(at.q) * strideW - padLeft;
        ivec2 rs = tapsInside(h0, kernelH, dilationH, height), ss = tapsInside(w0, kernelW, dilationW, width);
        vec4 best = vec4(uintBitsToFloat(0xff800000u));
        bool empty = rs.x >= rs.y || ss.x >= ss.y;
        // Where nothing is larger than minus infinity the first pixel has it.
        uvec4 taps = uvec4(empty ? 0xffffffffu : uint(rs.x * kernelW + ss.x));
        for (int r = rs.x; r < rs.y; ++r) {
            uint line = (at.n * uint(height) + uint(h0 + r * dilationH)) * uint(width);
            for (int s = ss.x; s < ss.y; ++s)
                pick(best, taps, load(x, (line + uint(w0 + s * dilationW)) * xRowStride + at.c * lanes), uvec4(r * kernelW + s));
        }
        store(y, row * yRowStride + at.c * lanes, best);
        index.at[row * indexRowStride + at.c] = packed(passing(taps, best));
    }
}

// The maximum of pool_forward in a training step: also saves index[n,c,p,q] = r*kernelW + s, the tap that won. Of equal ones the first in
// row-major order wins, a NaN wins over everything before it (PyTorch); a window without a pixel inside the image saves 2^32 - 1.
// Layout: channels last, row strides their own; x of `height` by `width`, y and index of `outHeight` by `outWidth`.
// Workgroup: any; invocations stride over `count` elements (groups of four where `wide`) of y.
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "index.glsl"
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
};

void main() {
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, outHeight, outWidth, row);
        int h0 = int(at.p) * strideH - padTop, w0 = int(at.q) * strideW - padLeft;
        ivec2 rs = tapsInside(h0, kernelH, dilationH, height), ss = tapsInside(w0, kernelW, dilationW, width);
        vec4 best = vec4(uintBitsToFloat(0xff800000u));
        bool empty = rs.x >= rs.y || ss.x >= ss.y;
        // Where nothing is larger than minus infinity the first pixel has it.
        uvec4 where = uvec4(empty ? 0xffffffffu : uint(rs.x * kernelW + ss.x));
        for (int r = rs.x; r < rs.y; ++r) {
            uint line = (at.n * uint(height) + uint(h0 + r * dilationH)) * uint(width);
            for (int s = ss.x; s < ss.y; ++s) {
                vec4 v = load(x, (line + uint(w0 + s * dilationW)) * xRowStride + at.c);
                bvec4 largest = greaterThan(v, best), nan = isnan(v);
                best = mix(mix(best, v, largest), v, nan);
                uvec4 here = uvec4(r * kernelW + s);
                where = mix(mix(where, here, largest), here, nan);
            }
        }
        store(y, row * yRowStride + at.c, best);
        storeIndex(index, row * indexRowStride + at.c, where);
    }
}

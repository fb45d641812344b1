// The formula of max_pool_forward_index without dilation, for `tile` outputs of a row per invocation: every input is read once per row of
// outputs, where the windows overlap, and not once per window. Columns are taken one after another, so a later column's pixel of a
// higher row comes before an equal one found already, and a NaN only follows one of a lower or the same row.
// Layout: channels last, row strides their own; x of `height` by `width`, y and index of `outHeight` by `outWidth`.
// Workgroup: any; invocations stride over `count` = images * outHeight * tiles per row * channels (groups of four where `wide`).
#version 460
#include "tensor.glsl"
#include "wide.glsl"
#include "index.glsl"
#include "pixel.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 2) const int tile = 7;
layout(constant_id = 3) const int kernel_w = 3;
layout(constant_id = 4) const int stride_w = 2;

layout(push_constant, scalar) uniform Push {
    Const x;
    Tensor y;
    Index index;
    uint count, channels;
    uint xRowStride, yRowStride, indexRowStride;
    int height, width, outHeight, outWidth;
    int kernelH, strideH;
    int padTop, padLeft;
};

const int span = (tile - 1) * stride_w + kernel_w;

void main() {
    uint tiles = uint(outWidth + tile - 1) / tile;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += gl_NumWorkGroups.x * gl_WorkGroupSize.x) {
        uint row;
        Pixel at = pixelOf(i, channels, uint(outHeight), tiles, row);
        int q0 = int(at.q) * tile, h0 = int(at.p) * strideH - padTop, w0 = q0 * stride_w - padLeft;
        int top = max(h0, 0), bottom = min(h0 + kernelH, height);
        vec4 best[tile];
        uvec4 where[tile];
        [[unroll]] for (int t = 0; t < tile; ++t) {
            best[t] = vec4(uintBitsToFloat(0xff800000u));
            // Where nothing is larger than minus infinity the first pixel has it.
            where[t] = uvec4((top - h0) * kernel_w + max(0, -(w0 + t * stride_w)));
        }

        [[unroll]] for (int j = 0; j < span; ++j) {
            int w = w0 + j;
            if (w < 0 || w >= width) continue;
            vec4 column = vec4(uintBitsToFloat(0xff800000u));
            uvec4 found = uvec4((top - h0) * kernel_w);
            for (int h = top; h < bottom; ++h) {
                vec4 v = load(x, ((at.n * uint(height) + uint(h)) * uint(width) + uint(w)) * xRowStride + at.c);
                uvec4 here = uvec4((h - h0) * kernel_w);
                bvec4 largest = greaterThan(v, column), nan = isnan(v);
                column = mix(mix(column, v, largest), v, nan);
                found = mix(mix(found, here, largest), here, nan);
            }
            bvec4 nan = isnan(column);
            [[unroll]] for (int t = 0; t < tile; ++t) {
                if (j < t * stride_w || j >= t * stride_w + kernel_w) continue;
                uvec4 here = found + uint(j - t * stride_w);
                uvec4 before = uvec4(lessThan(here, where[t]));
                uvec4 wins = uvec4(greaterThan(column, best[t])) | (uvec4(equal(column, best[t])) & before)
                    | (uvec4(nan) & (uvec4(not(isnan(best[t]))) | (uvec4(1) - before)));
                best[t] = mix(best[t], column, bvec4(wins));
                where[t] = mix(where[t], here, bvec4(wins));
            }
        }

        uint first = (at.n * uint(outHeight) + at.p) * uint(outWidth) + uint(q0);
        [[unroll]] for (int t = 0; t < tile; ++t) {
            if (q0 + t >= outWidth) break;
            store(y, (first + uint(t)) * yRowStride + at.c, best[t]);
            storeIndex(index, (first + uint(t)) * indexRowStride + at.c, where[t]);
        }
    }
}

// The gradient of a filter of ../include/conv2d_backward_filter.glsl as a product of matrices, by VK_KHR_cooperative_matrix: x and dy half,
// dw and all sums float; one group.
//
// dw[k][o] = sum over m of x[m under k] * dy[m][o], m an output pixel, k = (r*kernelW + s)*channels + i < rows, o an output channel.
// A workgroup sums tile_rows by tile_outputs elements of dw over a slice of slicePixels pixels, tile_depth pixels a step. Of each step
// it copies the elements of x under its rows (zeros where a window hangs over the border) and those of dy to shared memory; while the
// matrices are multiplied the next step's elements are on their way to registers. x is copied as it lies and read by columns.
// x, dy channels last with row strides. Workgroups of one z sum a slice and write the z-th of as many arrays at dw as there are slices; with
// `accumulate` (one slice only) they add to dw.
// Matrices are matrix_m by matrix_k and matrix_k by matrix_n, whatever shape the device has. With wide_x, wide_dy or wide_dw the array's
// rows begin on and have multiples of eight (dw: four) elements.
// Workgroup: subgroups_m by subgroups_n whole subgroups; a multiple of tile_rows/8 invocations. tile_rows is a multiple of
// subgroups_m*matrix_m and 8, tile_outputs of subgroups_n*matrix_n and 8, tile_depth of matrix_k.
// This file includes nothing and is compiled by hand: README.md beside it says how.
#version 460
#pragma use_vulkan_memory_model
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference2 : require
#extension GL_EXT_buffer_reference_uvec2 : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_EXT_shader_16bit_storage : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_cooperative_matrix : require

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint tile_rows = 64;
layout(constant_id = 2) const bool accumulate = false;
layout(constant_id = 3) const uint tile_outputs = 64;
layout(constant_id = 4) const uint tile_depth = 32;
layout(constant_id = 5) const uint matrix_m = 16;
layout(constant_id = 6) const uint matrix_n = 16;
layout(constant_id = 7) const uint matrix_k = 16;
layout(constant_id = 8) const uint subgroups_m = 2;
layout(constant_id = 9) const uint subgroups_n = 2;
layout(constant_id = 10) const bool wide_x = true;
layout(constant_id = 11) const bool wide_dy = true;
layout(constant_id = 12) const bool wide_dw = true;

layout(buffer_reference, scalar, buffer_reference_align = 2) readonly buffer Halves { float16_t at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Eights { uvec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Written { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer WrittenFours { vec4 at[]; };

layout(push_constant, scalar) uniform Push {
    Halves x;
    Halves dy;
    Written dw;
    uint pixels, slicePixels;
    uint channels, outputs, groupOutputs, rows;
    uint xRowStride, dyRowStride;
    uint height, width, outHeight, outWidth;
    uint kernelH, kernelW;
    int strideH, strideW, padTop, padLeft, dilationH, dilationW;
};

const uint lanes = gl_WorkGroupSize.x;
// Matrices of a subgroup.
const uint across_m = tile_rows / (subgroups_m * matrix_m), across_n = tile_outputs / (subgroups_n * matrix_n);
// Rows in shared memory, in groups of four; eight elements more than needed, so that the rows' beginnings fall on different banks.
const uint x_stride = tile_rows / 4 + 2, dy_stride = tile_outputs / 4 + 2;
// Groups of eight that an invocation copies per step.
const uint x_eights = tile_rows / 8, dy_eights = tile_outputs / 8;
const uint x_pixels_at_once = lanes / x_eights;
const uint x_loads = (tile_depth + x_pixels_at_once - 1) / x_pixels_at_once;
const uint dy_loads = (tile_depth * dy_eights + lanes - 1) / lanes;

shared f16vec4 xTile[tile_depth * x_stride];
shared f16vec4 dyTile[tile_depth * dy_stride];
shared float dwTile[subgroups_m * subgroups_n * matrix_m * matrix_n];

uvec4 xNext[x_loads], dyNext[dy_loads];
// The output pixels whose elements this invocation copies, and how far the next step's lie behind them.
uint image[x_loads], line[x_loads], column[x_loads];
uint stepImages, stepLines, stepColumns;
// Where in the window its group of eight lies: the row of dw, the tap and the channel.
uint k, r, s, i;

void findRow(uint first) {
    k = first + gl_LocalInvocationID.x % x_eights * 8;
    uint tap = k / channels;
    i = k - tap * channels;
    r = tap / kernelW;
    s = tap - r * kernelW;
}

void findPixels(uint begin) {
    [[unroll]] for (uint t = 0; t < x_loads; ++t) {
        uint m = begin + gl_LocalInvocationID.x / x_eights + t * x_pixels_at_once, l = m / outWidth;
        column[t] = m - l * outWidth;
        image[t] = l / outHeight;
        line[t] = l - image[t] * outHeight;
    }
    uint l = tile_depth / outWidth;
    stepColumns = tile_depth - l * outWidth;
    stepImages = l / outHeight;
    stepLines = l - stepImages * outHeight;
}

void advance() {
    [[unroll]] for (uint t = 0; t < x_loads; ++t) {
        column[t] += stepColumns;
        line[t] += stepLines;
        image[t] += stepImages;
        if (column[t] >= outWidth) {
            column[t] -= outWidth;
            ++line[t];
        }
        if (line[t] >= outHeight) {
            line[t] -= outHeight;
            ++image[t];
        }
    }
}

uvec4 packed(float16_t v[8]) {
    return uvec4(packFloat2x16(f16vec2(v[0], v[1])), packFloat2x16(f16vec2(v[2], v[3])), packFloat2x16(f16vec2(v[4], v[5])), packFloat2x16(f16vec2(v[6], v[7])));
}

// Where x lies under tap (r, s) of the window at pixel t; whether that is inside the image.
bool find(uint t, uint r, uint s, out uint at) {
    uint h = uint(int(line[t]) * strideH + int(r) * dilationH - padTop), v = uint(int(column[t]) * strideW + int(s) * dilationW - padLeft);
    at = ((image[t] * height + h) * width + v) * xRowStride;
    return h < height && v < width;
}

// The eight elements of pixel t from (r, s, i) on; any number of channels.
uvec4 gather(uint t, bool counts) {
    float16_t value[8];
    uint tapR = r, tapS = s, channel = i;
    [[unroll]] for (uint j = 0; j < 8; ++j) {
        uint at;
        bool inside = find(t, tapR, tapS, at) && counts && k + j < rows;
        float16_t loaded = x.at[inside ? at + channel : 0];
        value[j] = inside ? loaded : float16_t(0);
        ++channel;
        if (channel == channels) {
            channel = 0;
            ++tapS;
            if (tapS == kernelW) {
                tapS = 0;
                ++tapR;
            }
        }
    }
    return packed(value);
}

void loadX(uint from, uint end) {
    [[unroll]] for (uint t = 0; t < x_loads; ++t) {
        bool counts = from + gl_LocalInvocationID.x / x_eights + t * x_pixels_at_once < end;
        if (wide_x) {
            uint at;
            bool inside = find(t, r, s, at) && counts && k < rows;
            uvec4 loaded = Eights(uvec2(x)).at[inside ? (at + i) / 8 : 0];
            xNext[t] = inside ? loaded : uvec4(0);
        } else {
            xNext[t] = gather(t, counts);
        }
    }
    advance();
}

void loadDy(uint from, uint end, uint tile) {
    [[unroll]] for (uint t = 0; t < dy_loads; ++t) {
        uint v = gl_LocalInvocationID.x + t * lanes, m = from + v / dy_eights, o = tile + v % dy_eights * 8;
        uint at = m * dyRowStride + o;
        if (wide_dy) {
            bool inside = m < end && o < outputs;
            uvec4 loaded = Eights(uvec2(dy)).at[inside ? at / 8 : 0];
            dyNext[t] = inside ? loaded : uvec4(0);
        } else {
            float16_t value[8];
            [[unroll]] for (uint j = 0; j < 8; ++j) {
                bool inside = m < end && o + j < outputs;
                float16_t loaded = dy.at[inside ? at + j : 0];
                value[j] = inside ? loaded : float16_t(0);
            }
            dyNext[t] = packed(value);
        }
    }
}

f16vec4 lower(uvec4 v) { return f16vec4(unpackFloat2x16(v.x), unpackFloat2x16(v.y)); }
f16vec4 upper(uvec4 v) { return f16vec4(unpackFloat2x16(v.z), unpackFloat2x16(v.w)); }

void share() {
    [[unroll]] for (uint t = 0; t < x_loads; ++t) {
        uint pixel = gl_LocalInvocationID.x / x_eights + t * x_pixels_at_once, to = pixel * x_stride + gl_LocalInvocationID.x % x_eights * 2;
        if (pixel < tile_depth) {
            xTile[to] = lower(xNext[t]);
            xTile[to + 1] = upper(xNext[t]);
        }
    }
    [[unroll]] for (uint t = 0; t < dy_loads; ++t) {
        uint v = gl_LocalInvocationID.x + t * lanes, pixel = v / dy_eights, to = pixel * dy_stride + v % dy_eights * 2;
        if (pixel < tile_depth) {
            dyTile[to] = lower(dyNext[t]);
            dyTile[to + 1] = upper(dyNext[t]);
        }
    }
}

// Writes this subgroup's matrix of dwTile, its first element being (row, o) of the slice's filter that begins at `slice`, to dw.
void store(uint slice, uint row, uint o) {
    const uint in_row = wide_dw ? matrix_n / 4 : matrix_n;
    uint from = gl_SubgroupID * matrix_m * matrix_n;
    for (uint e = gl_SubgroupInvocationID; e < matrix_m * in_row; e += gl_SubgroupSize) {
        uint f = e / in_row, g = (e - f * in_row) * (wide_dw ? 4 : 1);
        if (row + f >= rows || o + g >= outputs) continue;
        uint at = slice + (row + f) * outputs + o + g, in_tile = from + f * matrix_n + g;
        if (wide_dw) {
            vec4 v = vec4(dwTile[in_tile], dwTile[in_tile + 1], dwTile[in_tile + 2], dwTile[in_tile + 3]);
            if (accumulate) v += WrittenFours(uvec2(dw)).at[at / 4];
            WrittenFours(uvec2(dw)).at[at / 4] = v;
        } else {
            float v = dwTile[in_tile];
            if (accumulate) v += dw.at[at];
            dw.at[at] = v;
        }
    }
}

void correlate(uint first, uint tile, uint begin, uint end, uint slice) {
    coopmat<float, gl_ScopeSubgroup, matrix_m, matrix_n, gl_MatrixUseAccumulator> sum[across_m][across_n];
    [[unroll]] for (uint f = 0; f < across_m; ++f)
        [[unroll]] for (uint g = 0; g < across_n; ++g) sum[f][g] = coopmat<float, gl_ScopeSubgroup, matrix_m, matrix_n, gl_MatrixUseAccumulator>(0.0);
    uint k0 = gl_SubgroupID / subgroups_n * across_m * matrix_m, o0 = gl_SubgroupID % subgroups_n * across_n * matrix_n;
    findRow(first);
    findPixels(begin);
    loadX(begin, end);
    loadDy(begin, end, tile);
    for (uint from = begin; from < end; from += tile_depth) {
        barrier();
        share();
        barrier();
        if (from + tile_depth < end) {
            loadX(from + tile_depth, end);
            loadDy(from + tile_depth, end, tile);
        }
        [[unroll]] for (uint m = 0; m < tile_depth; m += matrix_k) {
            coopmat<float16_t, gl_ScopeSubgroup, matrix_m, matrix_k, gl_MatrixUseA> left[across_m];
            [[unroll]] for (uint f = 0; f < across_m; ++f)
                coopMatLoad(left[f], xTile, m * x_stride + (k0 + f * matrix_m) / 4, x_stride, gl_CooperativeMatrixLayoutColumnMajor);
            [[unroll]] for (uint g = 0; g < across_n; ++g) {
                coopmat<float16_t, gl_ScopeSubgroup, matrix_k, matrix_n, gl_MatrixUseB> right;
                coopMatLoad(right, dyTile, m * dy_stride + (o0 + g * matrix_n) / 4, dy_stride, gl_CooperativeMatrixLayoutRowMajor);
                [[unroll]] for (uint f = 0; f < across_m; ++f) sum[f][g] = coopMatMulAdd(left[f], right, sum[f][g]);
            }
        }
    }
    [[unroll]] for (uint f = 0; f < across_m; ++f) {
        [[unroll]] for (uint g = 0; g < across_n; ++g) {
            coopMatStore(sum[f][g], dwTile, gl_SubgroupID * matrix_m * matrix_n, matrix_n, gl_CooperativeMatrixLayoutRowMajor);
            controlBarrier(gl_ScopeSubgroup, gl_ScopeSubgroup, gl_StorageSemanticsShared, gl_SemanticsAcquireRelease);
            store(slice, first + k0 + f * matrix_m, tile + o0 + g * matrix_n);
            controlBarrier(gl_ScopeSubgroup, gl_ScopeSubgroup, gl_StorageSemanticsShared, gl_SemanticsAcquireRelease);
        }
    }
}

void main() {
    for (uint slice = gl_WorkGroupID.z; slice * slicePixels < pixels; slice += gl_NumWorkGroups.z) {
        uint begin = slice * slicePixels, end = min(begin + slicePixels, pixels);
        for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs)
            for (uint first = gl_WorkGroupID.x * tile_rows; first < rows; first += gl_NumWorkGroups.x * tile_rows)
                correlate(first, tile, begin, end, slice * rows * outputs);
    }
}

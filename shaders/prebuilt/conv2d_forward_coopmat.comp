// The convolution of ../include/conv2d.glsl as a product of matrices, by VK_KHR_cooperative_matrix: x, w and y half, sums float; one group.
//
// y[m][o] = clamp(b[o] + sum over k of x[m under k] * w[k][o]), m an output pixel, k = (r*kernelW + s)*channels + i, o an output channel.
// A workgroup computes tile_pixels by tile_outputs elements of y in steps of tile_depth. Of each step it copies the elements of x under
// its windows (zeros where a window hangs over the border) and the rows of w to shared memory; while the matrices are multiplied the
// next step's elements are on their way to registers.
// w dense in [r][s][i][o] order is the matrix already: nothing is packed. x, y channels last with row strides.
// Matrices are matrix_m by matrix_k and matrix_k by matrix_n, whatever shape the device has. With wide_x, wide_w or wide_y the array's rows
// begin on and have multiples of eight (y: four) elements. NaN passes the clamp.
// Workgroup: subgroups_m by subgroups_n whole subgroups; a multiple of tile_depth/8 invocations. tile_pixels is a multiple of
// subgroups_m*matrix_m, tile_outputs of subgroups_n*matrix_n, tile_depth of matrix_k and 8.
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
layout(constant_id = 1) const uint tile_pixels = 64;
layout(constant_id = 2) const bool padded = true;
layout(constant_id = 3) const bool biased = true;
layout(constant_id = 4) const bool accumulate = false;
layout(constant_id = 5) const bool scattered = false;
layout(constant_id = 6) const uint tile_outputs = 64;
layout(constant_id = 7) const uint tile_depth = 32;
layout(constant_id = 8) const uint matrix_m = 16;
layout(constant_id = 9) const uint matrix_n = 16;
layout(constant_id = 10) const uint matrix_k = 16;
layout(constant_id = 11) const uint subgroups_m = 2;
layout(constant_id = 12) const uint subgroups_n = 2;
layout(constant_id = 13) const bool wide_x = true;
layout(constant_id = 14) const bool wide_w = true;
layout(constant_id = 15) const bool wide_y = true;

layout(buffer_reference, scalar, buffer_reference_align = 2) readonly buffer Halves { float16_t at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) readonly buffer Eights { uvec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 2) buffer Written { float16_t at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer WrittenFours { f16vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Floats { float at[]; };

layout(push_constant, scalar) uniform Push {
    Halves x;
    Halves w;
    Floats b;
    Written y;
    uint pixels, channels, outputs, groupOutputs;
    uint xRowStride;
    uint yOrigin, yRowStride, yLineStride, yImageStride;
    uint height, width, outHeight, outWidth;
    uint kernelH, kernelW;
    int strideH, strideW, padTop, padLeft, dilationH, dilationW;
    float low, high;
};

const uint lanes = gl_WorkGroupSize.x;
// Matrices of a subgroup.
const uint across_m = tile_pixels / (subgroups_m * matrix_m), across_n = tile_outputs / (subgroups_n * matrix_n);
// Rows in shared memory, in groups of four; eight elements more than needed, so that the rows' beginnings fall on different banks.
const uint x_stride = tile_depth / 4 + 2, w_stride = tile_outputs / 4 + 2;
// Groups of eight that an invocation copies per step.
const uint x_eights = tile_depth / 8, w_eights = tile_outputs / 8;
const uint x_rows_at_once = lanes / x_eights;
const uint x_loads = (tile_pixels + x_rows_at_once - 1) / x_rows_at_once;
const uint w_loads = (tile_depth * w_eights + lanes - 1) / lanes;

shared f16vec4 xTile[tile_pixels * x_stride];
shared f16vec4 wTile[tile_depth * w_stride];
shared float yTile[subgroups_m * subgroups_n * matrix_m * matrix_n];

uvec4 xNext[x_loads], wNext[w_loads];
// The windows of the pixels whose elements this invocation copies.
int row0[x_loads], column0[x_loads];
uint origin[x_loads];
// Where in the window its group of eight lies: the tap and the channel.
uint r, s, i;

void findWindows(uint first) {
    [[unroll]] for (uint t = 0; t < x_loads; ++t) {
        uint m = first + gl_LocalInvocationID.x / x_eights + t * x_rows_at_once;
        uint line = m / outWidth, q = m - line * outWidth, n = line / outHeight, p = line - n * outHeight;
        row0[t] = int(p) * strideH - padTop;
        column0[t] = int(q) * strideW - padLeft;
        // Pixels behind the last see only padding.
        if (m >= pixels) row0[t] = int(0x80000000);
        // Wraps around for a window that starts outside; adding a tap inside brings it back.
        origin[t] = ((n * height + uint(row0[t])) * width + uint(column0[t])) * xRowStride;
    }
    uint k = gl_LocalInvocationID.x % x_eights * 8, tap = k / channels;
    i = k - tap * channels;
    r = tap / kernelW;
    s = tap - r * kernelW;
}

// Past the last channel the next tap follows.
void carry() {
    while (i >= channels) {
        i -= channels;
        ++s;
        if (s == kernelW) {
            s = 0;
            ++r;
        }
    }
}

bool isInside(uint t, uint r, uint s) {
    return r < kernelH && uint(row0[t] + int(r) * dilationH) < height && uint(column0[t] + int(s) * dilationW) < width;
}

uint tapOffset(uint r, uint s) {
    return (r * uint(dilationH) * width + s * uint(dilationW)) * xRowStride;
}

uvec4 packed(float16_t v[8]) {
    return uvec4(packFloat2x16(f16vec2(v[0], v[1])), packFloat2x16(f16vec2(v[2], v[3])), packFloat2x16(f16vec2(v[4], v[5])), packFloat2x16(f16vec2(v[6], v[7])));
}

// The eight elements of pixel t from (r, s, i) on; any number of channels.
uvec4 gather(uint t) {
    float16_t v[8];
    uint tapR = r, tapS = s, channel = i;
    [[unroll]] for (uint j = 0; j < 8; ++j) {
        bool inside = isInside(t, tapR, tapS);
        float16_t loaded = x.at[inside ? origin[t] + tapOffset(tapR, tapS) + channel : 0];
        v[j] = inside ? loaded : float16_t(0);
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
    return packed(v);
}

void loadX() {
    [[unroll]] for (uint t = 0; t < x_loads; ++t) {
        if (wide_x) {
            bool inside = isInside(t, r, s);
            uvec4 loaded = Eights(uvec2(x)).at[inside ? (origin[t] + tapOffset(r, s) + i) / 8 : 0];
            xNext[t] = inside ? loaded : uvec4(0);
        } else {
            xNext[t] = gather(t);
        }
    }
    i += tile_depth;
    carry();
}

// Rows from `from` on of this tile of output channels.
void loadW(uint from, uint depth, uint tile) {
    [[unroll]] for (uint t = 0; t < w_loads; ++t) {
        uint v = gl_LocalInvocationID.x + t * lanes, k = from + v / w_eights, o = tile + v % w_eights * 8;
        uint at = k * outputs + o;
        if (wide_w) {
            bool inside = k < depth && o < outputs;
            uvec4 loaded = Eights(uvec2(w)).at[inside ? at / 8 : 0];
            wNext[t] = inside ? loaded : uvec4(0);
        } else {
            float16_t value[8];
            [[unroll]] for (uint j = 0; j < 8; ++j) {
                bool inside = k < depth && o + j < outputs;
                float16_t loaded = w.at[inside ? at + j : 0];
                value[j] = inside ? loaded : float16_t(0);
            }
            wNext[t] = packed(value);
        }
    }
}

f16vec4 lower(uvec4 v) { return f16vec4(unpackFloat2x16(v.x), unpackFloat2x16(v.y)); }
f16vec4 upper(uvec4 v) { return f16vec4(unpackFloat2x16(v.z), unpackFloat2x16(v.w)); }

void share() {
    [[unroll]] for (uint t = 0; t < x_loads; ++t) {
        uint row = gl_LocalInvocationID.x / x_eights + t * x_rows_at_once, to = row * x_stride + gl_LocalInvocationID.x % x_eights * 2;
        if (row < tile_pixels) {
            xTile[to] = lower(xNext[t]);
            xTile[to + 1] = upper(xNext[t]);
        }
    }
    [[unroll]] for (uint t = 0; t < w_loads; ++t) {
        uint v = gl_LocalInvocationID.x + t * lanes, row = v / w_eights, to = row * w_stride + v % w_eights * 2;
        if (row < tile_depth) {
            wTile[to] = lower(wNext[t]);
            wTile[to + 1] = upper(wNext[t]);
        }
    }
}

// NaN passes.
float clamped(float value) {
    value = value < low ? low : value;
    return value > high ? high : value;
}

uint target(uint m) {
    if (!scattered) return m * yRowStride;
    uint line = m / outWidth, q = m - line * outWidth, n = line / outHeight, p = line - n * outHeight;
    return yOrigin + n * yImageStride + p * yLineStride + q * yRowStride;
}

// Writes this subgroup's matrix of yTile, its first element being (m, o), to y.
void store(uint m, uint o) {
    const uint in_row = wide_y ? matrix_n / 4 : matrix_n;
    uint from = gl_SubgroupID * matrix_m * matrix_n;
    for (uint e = gl_SubgroupInvocationID; e < matrix_m * in_row; e += gl_SubgroupSize) {
        uint row = e / in_row, column = (e - row * in_row) * (wide_y ? 4 : 1);
        if (m + row >= pixels || o + column >= outputs) continue;
        uint at = target(m + row) + o + column;
        if (wide_y) {
            f16vec4 result;
            [[unroll]] for (uint j = 0; j < 4; ++j) {
                float v = yTile[from + row * matrix_n + column + j];
                if (biased) v += b.at[o + column + j];
                v = clamped(v);
                if (accumulate) v += float(y.at[at + j]);
                result[j] = float16_t(v);
            }
            WrittenFours(uvec2(y)).at[at / 4] = result;
        } else {
            float v = yTile[from + row * matrix_n + column];
            if (biased) v += b.at[o + column];
            v = clamped(v);
            if (accumulate) v += float(y.at[at]);
            y.at[at] = float16_t(v);
        }
    }
}

void convolve(uint first, uint tile) {
    coopmat<float, gl_ScopeSubgroup, matrix_m, matrix_n, gl_MatrixUseAccumulator> sum[across_m][across_n];
    [[unroll]] for (uint f = 0; f < across_m; ++f)
        [[unroll]] for (uint g = 0; g < across_n; ++g) sum[f][g] = coopmat<float, gl_ScopeSubgroup, matrix_m, matrix_n, gl_MatrixUseAccumulator>(0.0);
    uint m0 = gl_SubgroupID / subgroups_n * across_m * matrix_m, o0 = gl_SubgroupID % subgroups_n * across_n * matrix_n;
    uint depth = kernelH * kernelW * channels;
    if (depth > 0) {
        findWindows(first);
        loadX();
        loadW(0, depth, tile);
    }
    for (uint from = 0; from < depth; from += tile_depth) {
        barrier();
        share();
        barrier();
        if (from + tile_depth < depth) {
            loadX();
            loadW(from + tile_depth, depth, tile);
        }
        [[unroll]] for (uint k = 0; k < tile_depth; k += matrix_k) {
            coopmat<float16_t, gl_ScopeSubgroup, matrix_m, matrix_k, gl_MatrixUseA> left[across_m];
            [[unroll]] for (uint f = 0; f < across_m; ++f)
                coopMatLoad(left[f], xTile, (m0 + f * matrix_m) * x_stride + k / 4, x_stride, gl_CooperativeMatrixLayoutRowMajor);
            [[unroll]] for (uint g = 0; g < across_n; ++g) {
                coopmat<float16_t, gl_ScopeSubgroup, matrix_k, matrix_n, gl_MatrixUseB> right;
                coopMatLoad(right, wTile, k * w_stride + (o0 + g * matrix_n) / 4, w_stride, gl_CooperativeMatrixLayoutRowMajor);
                [[unroll]] for (uint f = 0; f < across_m; ++f) sum[f][g] = coopMatMulAdd(left[f], right, sum[f][g]);
            }
        }
    }
    [[unroll]] for (uint f = 0; f < across_m; ++f) {
        [[unroll]] for (uint g = 0; g < across_n; ++g) {
            coopMatStore(sum[f][g], yTile, gl_SubgroupID * matrix_m * matrix_n, matrix_n, gl_CooperativeMatrixLayoutRowMajor);
            controlBarrier(gl_ScopeSubgroup, gl_ScopeSubgroup, gl_StorageSemanticsShared, gl_SemanticsAcquireRelease);
            store(first + m0 + f * matrix_m, tile + o0 + g * matrix_n);
            controlBarrier(gl_ScopeSubgroup, gl_ScopeSubgroup, gl_StorageSemanticsShared, gl_SemanticsAcquireRelease);
        }
    }
}

void main() {
    for (uint tile = gl_WorkGroupID.y * tile_outputs; tile < outputs; tile += gl_NumWorkGroups.y * tile_outputs)
        for (uint first = gl_WorkGroupID.x * tile_pixels; first < pixels; first += gl_NumWorkGroups.x * tile_pixels)
            convolve(first, tile);
}

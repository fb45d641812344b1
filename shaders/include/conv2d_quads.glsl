// The convolution of include/conv2d.glsl, a tile of eight pixels by four (with PAIR eight) neighbouring output channels per invocation, written out
// without loops over the tile: for drivers that neither unroll loops nor keep arrays in registers, and where a load costs by its components.
// One group; outputs, row stride and alignment of y, w and b are multiples of four (with PAIR outputs of eight) elements. x may lie in any way.
// Products and sums are two operations: such drivers compute a fused one in software.
// With `joined` a row of the kernel and its channels are one run of elements, for few channels; rows of x must touch and dilationW be 1.
// Workgroup: any size in x; workgroups stride over tiles of pixels in x and over output channels in y. The host sets tile_pixels to 8.
#define TILE_PIXELS 8
#include "conv2d.glsl"

layout(local_size_x_id = 0) in;
// Whether channels, row stride and alignment of x are multiples of four elements, so that four are loaded at a time; not with `joined`.
layout(constant_id = 4) const bool wide = false;
layout(constant_id = 5) const bool joined = false;

#define EACH_PIXEL(ACT) ACT(0) ACT(1) ACT(2) ACT(3) ACT(4) ACT(5) ACT(6) ACT(7)

vec4 weightsOf(uint row, uint o) {
    return vec4(Const4(uvec2(w)).at[(row * outputs + o) / 4]);
}

void store(uint at, uint o, vec4 sum) {
    if (biased) sum += ConstFloat4(uvec2(b)).at[o / 4];
    vec4 result = vec4(clamped(sum.x), clamped(sum.y), clamped(sum.z), clamped(sum.w));
    if (accumulate) result += vec4(Tensor4(uvec2(y)).at[(at + o) / 4]);
    Tensor4(uvec2(y)).at[(at + o) / 4] = ELEMENT4(result);
}

// Element i of a run counts as zero unless lowest + i is in [0, span).
#define START(t) start##t = origin[t] + tapOffset(r, s); \
    lowest##t = uint(h0[t] + int(r) * dilationH) < height && (joined || uint(w0[t] + int(s) * dilationW) < width) ? (joined ? w0[t] * int(channels) : 0) : int(0x80000000);
#define LOAD_INPUT(t) bool inside##t = uint(lowest##t + int(i)) < span; \
    float value##t = float(x.at[inside##t ? start##t + i : 0]); \
    if (!inside##t) value##t = 0;
#define LOAD_FOUR(t) vec4 four##t = vec4(Const4(uvec2(x)).at[(lowest##t < 0 ? 0 : start##t + i) / 4]); \
    if (lowest##t < 0) four##t = vec4(0);
#define TAKE_X(t) float value##t = four##t.x;
#define TAKE_Y(t) float value##t = four##t.y;
#define TAKE_Z(t) float value##t = four##t.z;
#define TAKE_W(t) float value##t = four##t.w;
#ifdef PAIR
#define LOAD_WEIGHTS(row) vec4 weight = weightsOf(row, o), nextWeight = weightsOf(row, o + 4);
const uint per_lane = 8;
#define DECLARE(t) vec4 sum##t = vec4(0), next##t = vec4(0); uint start##t; int lowest##t;
#define ADD(t) sum##t += value##t * weight; next##t += value##t * nextWeight;
#define STORE(t) if (first + t < pixels) { uint at = target(first, t); store(at, o, sum##t); store(at, o + 4, next##t); }
#else
#define LOAD_WEIGHTS(row) vec4 weight = weightsOf(row, o);
const uint per_lane = 4;
#define DECLARE(t) vec4 sum##t = vec4(0); uint start##t; int lowest##t;
#define ADD(t) sum##t += value##t * weight;
#define STORE(t) if (first + t < pixels) store(target(first, t), o, sum##t);
#endif

void convolve(uint first, uint o) {
    int h0[tile_pixels], w0[tile_pixels];
    uint origin[tile_pixels];
    windowsOf(first, h0, w0, origin);
    uint run = joined ? kernelW * channels : channels;
    uint span = joined ? width * channels : channels;
    EACH_PIXEL(DECLARE)
    for (uint r = 0; r < kernelH; ++r) {
        for (uint s = 0; s < (joined ? 1 : kernelW); ++s) {
            EACH_PIXEL(START)
            uint row = (r * kernelW + s) * channels;
            if (wide) {
                for (uint i = 0; i < run; i += 4) {
                    EACH_PIXEL(LOAD_FOUR)
                    { EACH_PIXEL(TAKE_X) LOAD_WEIGHTS(row + i) EACH_PIXEL(ADD) }
                    { EACH_PIXEL(TAKE_Y) LOAD_WEIGHTS(row + i + 1) EACH_PIXEL(ADD) }
                    { EACH_PIXEL(TAKE_Z) LOAD_WEIGHTS(row + i + 2) EACH_PIXEL(ADD) }
                    { EACH_PIXEL(TAKE_W) LOAD_WEIGHTS(row + i + 3) EACH_PIXEL(ADD) }
                }
            } else {
                for (uint i = 0; i < run; ++i) {
                    EACH_PIXEL(LOAD_INPUT)
                    LOAD_WEIGHTS(row + i)
                    EACH_PIXEL(ADD)
                }
            }
        }
    }
    EACH_PIXEL(STORE)
}

void main() {
    uint stride = gl_NumWorkGroups.y * gl_WorkGroupSize.x * per_lane;
    for (uint o = (gl_WorkGroupID.y * gl_WorkGroupSize.x + gl_LocalInvocationID.x) * per_lane; o < outputs; o += stride)
        for (uint first = gl_WorkGroupID.x * tile_pixels; first < pixels; first += gl_NumWorkGroups.x * tile_pixels)
            convolve(first, o);
}

// The walk of an optimizer over all trained elements, and the moving average of the weights.
//
// Layout: w, dw, average and the states are flat and 16-byte aligned, granules * 256 elements; multipliers holds two floats per granule
// (learning rate, weight decay); control is what gradient_norm_total wrote: when a gradient is not finite nothing changes.
// average = averageDecay * average + (1 - averageDecay) * w, of the new w, with the constant `averaged`; otherwise average is not touched.
// The including file declares the push block before (w dw average multipliers step control granules weightDecay) and defines `updated`.
// Workgroup: any multiple of eight; eight neighbouring invocations share a granule, which they go through in order: processors are three times as fast at
// that as where each takes one group of four, and every access is still a whole cache line.
#include "groups.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const bool averaged = false;

const uint groups_of_four = 64;
const uint lanes = 8;

// The new weights of the group of four i: `gradient` without loss scale and clipped, `rate` and `decay` with the parameter's multipliers.
vec4 updated(uint i, vec4 weight, vec4 gradient, float rate, float decay);

void main() {
    if (control.at[1] == 0) return;
    float factor = control.at[2], averageDecay = step.averageDecay;
    uint lane = gl_GlobalInvocationID.x % lanes, stride = gl_NumWorkGroups.x * gl_WorkGroupSize.x / lanes;
    for (uint granule = gl_GlobalInvocationID.x / lanes; granule < granules; granule += stride) {
        float rate = step.learningRate * multipliers.at[2 * granule], decay = weightDecay * multipliers.at[2 * granule + 1];
        for (uint i = granule * groups_of_four + lane; i < (granule + 1) * groups_of_four; i += lanes) {
            vec4 weight = updated(i, loadGroup(Const(uvec2(w)), i), factor * loadGroup(dw, i), rate, decay);
            storeGroup(w, i, weight);
            if (averaged) storeGroup(average, i, averageDecay * loadGroup(Const(uvec2(average)), i) + (1 - averageDecay) * weight);
        }
    }
}

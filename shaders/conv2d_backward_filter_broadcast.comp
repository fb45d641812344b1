// include/conv2d_backward_filter_broadcast.glsl with 4-byte loads: any channel counts, any alignment.
#version 460
#include "conv2d_backward_filter_broadcast.glsl"

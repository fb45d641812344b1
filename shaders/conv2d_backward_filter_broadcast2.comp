// include/conv2d_backward_filter_broadcast.glsl with 8-byte loads: even channels, outputs and strides, 8-byte alignment, tile_vectors even, 64-bit integers.
#version 460
#define WIDE
#include "conv2d_backward_filter_broadcast.glsl"

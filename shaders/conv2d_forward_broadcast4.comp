// include/conv2d_broadcast.glsl with 8-byte loads, two of them to a variable: as conv2d_forward_broadcast2, tile_vectors a multiple of 4.
#version 460
#define WIDE
#define GROUP 4
#include "conv2d_broadcast.glsl"

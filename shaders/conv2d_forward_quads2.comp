// include/conv2d_quads.glsl with eight output channels per invocation.
#version 460
#define PAIR
#include "conv2d_quads.glsl"

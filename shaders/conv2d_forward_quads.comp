// include/conv2d_quads.glsl with four output channels per invocation.
#version 460
#include "conv2d_quads.glsl"

// include/winograd_filter_gradient_output.glsl for tiles of 2×2 outputs.
#version 460
#define TILE 2
#include "winograd_filter_gradient_output.glsl"

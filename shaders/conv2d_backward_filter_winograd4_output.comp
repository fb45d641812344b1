// include/winograd_filter_gradient_output.glsl for tiles of 4×4 outputs.
#version 460
#define TILE 4
#include "winograd_filter_gradient_output.glsl"

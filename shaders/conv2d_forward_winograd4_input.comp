// include/winograd_matrices.glsl: patches of x, for tiles of 4×4 outputs.
#version 460
#define TILE 4
#include "winograd_matrices.glsl"

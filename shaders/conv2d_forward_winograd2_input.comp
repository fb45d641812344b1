// include/winograd_matrices.glsl: patches of x, for tiles of 2×2 outputs.
#version 460
#define TILE 2
#include "winograd_matrices.glsl"

// include/winograd_matrices.glsl: tiles of dy, of 2×2 outputs.
#version 460
#define TILE 2
#define GRADIENT
#include "winograd_matrices.glsl"

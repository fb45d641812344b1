// include/winograd_matrices.glsl: tiles of dy, of 4×4 outputs.
#version 460
#define TILE 4
#define GRADIENT
#include "winograd_matrices.glsl"

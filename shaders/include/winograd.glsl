// Winograd's minimal filtering F(m×m, 3×3) with m = TILE (Lavin and Gray, 1509.09308, section 4): a tile of m×m outputs from a patch of
// (m+2)×(m+2) inputs by as many products instead of 9·m².
//
//   Y = Aᵀ [ Σ over i of (G g G ᵀ) ⊙ (Bᵀ d B) ] A
//
// The matrices interpolate polynomials at 0, ±1, ∞ for m = 2, and at 0, ±5/8, ±3/2, ∞ for m = 4: of the points whose Bᵀ and A are exact
// in binary these round least, half as much as the 0, ±1, ±2 of the paper. (Where the points go: Barabasz et al., 1803.10986, section 4.)
#if TILE == 4
const float inner = 0.625, inner2 = 0.390625, inner3 = 0.244140625;
const float outer = 1.5, outer2 = 2.25, outer3 = 3.375;
#endif
const uint tile_size = TILE;
const uint patch_size = TILE + 2;
const uint matrices = patch_size * patch_size;

// Where a tile lies: image, and first row and column of its outputs.
struct TilePlace {
    uint n, p, q;
};

// Tiles are counted through all images, row by row.
TilePlace placeOf(uint tile, uint tilesH, uint tilesW) {
    TilePlace at;
    uint line = tile / tilesW;
    at.q = (tile - line * tilesW) * tile_size;
    at.n = line / tilesH;
    at.p = (line - at.n * tilesH) * tile_size;
    return at;
}

// Bᵀ d for one row or column of a patch.
void transformInput(inout float d[patch_size]) {
#if TILE == 4
    float innerEven = d[4] - outer2 * d[2], innerOdd = inner * (d[3] - outer2 * d[1]);
    float outerEven = d[4] - inner2 * d[2], outerOdd = outer * (d[3] - inner2 * d[1]);
    d[0] = inner2 * outer2 * d[0] - (inner2 + outer2) * d[2] + d[4];
    d[5] = inner2 * outer2 * d[1] - (inner2 + outer2) * d[3] + d[5];
    d[1] = innerEven + innerOdd;
    d[2] = innerEven - innerOdd;
    d[3] = outerEven + outerOdd;
    d[4] = outerEven - outerOdd;
#else
    float sum = d[1] + d[2], difference = d[2] - d[1];
    d[0] -= d[2];
    d[3] = d[1] - d[3];
    d[1] = sum;
    d[2] = difference;
#endif
}

// G g for one row or column of a filter.
void transformFilter(float g0, float g1, float g2, out float u[patch_size]) {
#if TILE == 4
    const float innerScale = 1 / (2 * inner2 * (inner2 - outer2)), outerScale = 1 / (2 * outer2 * (outer2 - inner2));
    u[0] = g0 * (1 / (inner2 * outer2));
    u[1] = (g0 + inner * g1 + inner2 * g2) * innerScale;
    u[2] = (g0 - inner * g1 + inner2 * g2) * innerScale;
    u[3] = (g0 + outer * g1 + outer2 * g2) * outerScale;
    u[4] = (g0 - outer * g1 + outer2 * g2) * outerScale;
    u[5] = g2;
#else
    u[0] = g0;
    u[1] = (g0 + g1 + g2) / 2;
    u[2] = (g0 - g1 + g2) / 2;
    u[3] = g2;
#endif
}

// Aᵀ m for one row or column of products, two channels at once.
void transformOutput(vec2 m[patch_size], out vec2 y[tile_size]) {
#if TILE == 4
    vec2 innerSum = m[1] + m[2], innerDifference = m[1] - m[2], outerSum = m[3] + m[4], outerDifference = m[3] - m[4];
    y[0] = m[0] + innerSum + outerSum;
    y[1] = inner * innerDifference + outer * outerDifference;
    y[2] = inner2 * innerSum + outer2 * outerSum;
    y[3] = inner3 * innerDifference + outer3 * outerDifference + m[5];
#else
    y[0] = m[0] + m[1] + m[2];
    y[1] = m[1] - m[2] - m[3];
#endif
}

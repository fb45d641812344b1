// Winograd's minimal filtering F(m×m, 3×3) with m = TILE (Lavin and Gray, 1509.09308, section 4): a tile of m×m outputs from a patch of
// (m+2)×(m+2) inputs by as many products instead of 9·m².
//
//   Y = Aᵀ [ Σ over i of (G g G ᵀ) ⊙ (Bᵀ d B) ] A
//
// The filter gradient is the same sum turned round: dg = Gᵀ [ Σ over tiles of (A dY Aᵀ) ⊙ (Bᵀ d B) ] G.
//
// The matrices interpolate polynomials at 0, ±1, ∞ for m = 2, and at 0, ±5/8, ±3/2, ∞ for m = 4: of the points whose Bᵀ and A are exact
// in binary these round least, half as much as the 0, ±1, ±2 of the paper. (Where the points go: Barabasz et al., 1803.10986, section 4.)
#if TILE == 4
const float inner = 0.625, inner2 = 0.390625, inner3 = 0.244140625;
const float outer = 1.5, outer2 = 2.25, outer3 = 3.375;
#endif
// What is transformed: vec2 is two channels at once, where the including file wants them.
#ifndef VALUE
#define VALUE float
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
void transformInput(inout VALUE d[patch_size]) {
#if TILE == 4
    VALUE innerEven = d[4] - outer2 * d[2], innerOdd = inner * (d[3] - outer2 * d[1]);
    VALUE outerEven = d[4] - inner2 * d[2], outerOdd = outer * (d[3] - inner2 * d[1]);
    d[0] = inner2 * outer2 * d[0] - (inner2 + outer2) * d[2] + d[4];
    d[5] = inner2 * outer2 * d[1] - (inner2 + outer2) * d[3] + d[5];
    d[1] = innerEven + innerOdd;
    d[2] = innerEven - innerOdd;
    d[3] = outerEven + outerOdd;
    d[4] = outerEven - outerOdd;
#else
    VALUE sum = d[1] + d[2], difference = d[2] - d[1];
    d[0] -= d[2];
    d[3] = d[1] - d[3];
    d[1] = sum;
    d[2] = difference;
#endif
}

#if TILE == 4
const float zeroScale = 1 / (inner2 * outer2);
const float innerScale = 1 / (2 * inner2 * (inner2 - outer2)), outerScale = 1 / (2 * outer2 * (outer2 - inner2));
#endif

// G g for one row or column of a filter.
void transformFilter(VALUE g0, VALUE g1, VALUE g2, out VALUE u[patch_size]) {
#if TILE == 4
    u[0] = g0 * zeroScale;
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

// Gᵀ m for one row or column of products.
void transformFilterGradient(VALUE m[patch_size], out VALUE g[3]) {
#if TILE == 4
    VALUE innerSum = innerScale * (m[1] + m[2]), innerDifference = innerScale * (m[1] - m[2]);
    VALUE outerSum = outerScale * (m[3] + m[4]), outerDifference = outerScale * (m[3] - m[4]);
    g[0] = zeroScale * m[0] + innerSum + outerSum;
    g[1] = inner * innerDifference + outer * outerDifference;
    g[2] = inner2 * innerSum + outer2 * outerSum + m[5];
#else
    VALUE sum = (m[1] + m[2]) / 2;
    g[0] = m[0] + sum;
    g[1] = (m[1] - m[2]) / 2;
    g[2] = sum + m[3];
#endif
}

// Aᵀ m for one row or column of products.
void transformOutput(VALUE m[patch_size], out VALUE y[tile_size]) {
#if TILE == 4
    VALUE innerSum = m[1] + m[2], innerDifference = m[1] - m[2], outerSum = m[3] + m[4], outerDifference = m[3] - m[4];
    y[0] = m[0] + innerSum + outerSum;
    y[1] = inner * innerDifference + outer * outerDifference;
    y[2] = inner2 * innerSum + outer2 * outerSum;
    y[3] = inner3 * innerDifference + outer3 * outerDifference + m[5];
#else
    y[0] = m[0] + m[1] + m[2];
    y[1] = m[1] - m[2] - m[3];
#endif
}

// A y for one row or column of a tile's gradients.
void transformOutputGradient(VALUE y[tile_size], out VALUE m[patch_size]) {
#if TILE == 4
    VALUE innerEven = y[0] + inner2 * y[2], innerOdd = inner * y[1] + inner3 * y[3];
    VALUE outerEven = y[0] + outer2 * y[2], outerOdd = outer * y[1] + outer3 * y[3];
    m[0] = y[0];
    m[1] = innerEven + innerOdd;
    m[2] = innerEven - innerOdd;
    m[3] = outerEven + outerOdd;
    m[4] = outerEven - outerOdd;
    m[5] = y[3];
#else
    m[0] = y[0];
    m[1] = y[0] + y[1];
    m[2] = y[0] - y[1];
    m[3] = -y[1];
#endif
}

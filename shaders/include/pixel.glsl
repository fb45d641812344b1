// Where an invocation of a pooling kernel writes: channel group c of pixel (p, q) of image n, channels innermost.
struct Pixel {
    uint n, p, q, c;
};

// The row of the output is (n·outHeight + p)·outWidth + q.
Pixel pixelOf(uint i, uint channels, uint outHeight, uint outWidth, out uint row) {
    Pixel at;
    row = i / channels;
    at.c = i - row * channels;
    uint line = row / outWidth;
    at.q = row - line * outWidth;
    at.n = line / outHeight;
    at.p = line - at.n * outHeight;
    return at;
}

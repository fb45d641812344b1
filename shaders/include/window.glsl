// Which taps of a sliding window fall inside an axis, and which windows hold a pixel.

// The taps [first, last) of a window starting at `start` that fall inside [0, extent).
ivec2 tapsInside(int start, int kernel, int dilation, int extent) {
    int first = start < 0 ? (dilation - 1 - start) / dilation : 0;
    int last = extent > start ? min(kernel, (extent - start + dilation - 1) / dilation) : 0;
    return ivec2(first, last);
}

// The windows [first, last) whose reach holds the pixel `padded` (counted from the begin of the padding); with dilation not all of them have a tap there.
ivec2 windowsOver(int padded, int kernel, int stride, int dilation, int outputs) {
    int before = padded - (kernel - 1) * dilation;
    return ivec2(before > 0 ? (before + stride - 1) / stride : 0, min(padded / stride + 1, outputs));
}

// exp, log and pow of doubles, which GLSL has for floats only; errors under 1e-15 relative (for pow times |y ln x|). Included by tensor.glsl with DOUBLE.

// 2^k for -1022 <= k <= 1023: the exponent's bits.
double powerOfTwo(int k) {
    return packDouble2x32(uvec2(0, uint(k + 1023) << 20));
}

// x = k ln 2 + r, |r| <= ln 2 / 2; e^r by its series to r^13. Below the smallest double 0, beyond the largest infinity; NaN passes.
double exp(double x) {
    const double largest = 709.782712893384LF, smallest = -745.1332191019412LF;
    if (x > largest) return double(uintBitsToFloat(0x7f800000u));
    if (x < smallest) return 0;
    if (isnan(x)) return x;
    double k = floor(x * 1.4426950408889634LF + 0.5LF);
    // ln 2 in two parts; the first has so few bits that its product with k is exact.
    double r = (x - k * 0.6931471803691238LF) - k * 1.9082149292705877e-10LF;
    double sum = 1.6059043836821613e-10LF;
    sum = sum * r + 2.08767569878681e-9LF;
    sum = sum * r + 2.505210838544172e-8LF;
    sum = sum * r + 2.755731922398589e-7LF;
    sum = sum * r + 2.7557319223985893e-6LF;
    sum = sum * r + 2.48015873015873e-5LF;
    sum = sum * r + 1.984126984126984e-4LF;
    sum = sum * r + 1.388888888888889e-3LF;
    sum = sum * r + 8.333333333333333e-3LF;
    sum = sum * r + 4.1666666666666664e-2LF;
    sum = sum * r + 0.16666666666666666LF;
    sum = sum * r + 0.5LF;
    sum = sum * r * r + r + 1;
    // In two steps, for a factor alone has no room for the smallest numbers, nor for the last power of two.
    int half1 = int(k) / 2, half2 = int(k) - half1;
    return sum * powerOfTwo(half1) * powerOfTwo(half2);
}

// x = 2^e m, sqrt(1/2) <= m < sqrt(2); ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...), s = (m - 1)/(m + 1), |s| < 0.172, to s^23.
// 0 gives minus infinity, a negative number NaN; NaN and infinity pass.
double log(double x) {
    if (x == 0) return double(uintBitsToFloat(0xff800000u));
    if (x < 0) return double(uintBitsToFloat(0x7fc00000u));
    int e = 0;
    // Numbers too small for a leading one are moved up.
    if (x < 2.2250738585072014e-308LF) {
        x *= 18014398509481984.0LF;
        e = -54;
    }
    uvec2 bits = unpackDouble2x32(x);
    if (bits.y >= 0x7ff00000u) return x;
    e += int(bits.y >> 20) - 1023;
    double m = packDouble2x32(uvec2(bits.x, bits.y & 0xfffffu | 0x3ff00000u));
    if (m > 1.4142135623730951LF) {
        m *= 0.5LF;
        ++e;
    }
    double s = (m - 1) / (m + 1), q = s * s;
    double sum = 0.043478260869565216LF;
    sum = sum * q + 0.047619047619047616LF;
    sum = sum * q + 0.05263157894736842LF;
    sum = sum * q + 0.058823529411764705LF;
    sum = sum * q + 0.06666666666666667LF;
    sum = sum * q + 0.07692307692307693LF;
    sum = sum * q + 0.09090909090909091LF;
    sum = sum * q + 0.1111111111111111LF;
    sum = sum * q + 0.14285714285714285LF;
    sum = sum * q + 0.2LF;
    sum = sum * q + 0.3333333333333333LF;
    return e * 0.6931471803691238LF + (e * 1.9082149292705877e-10LF + 2 * (s + s * q * sum));
}

double pow(double x, double y) {
    return exp(y * log(x));
}

dvec4 pow(dvec4 x, dvec4 y) {
    return dvec4(pow(x.x, y.x), pow(x.y, y.y), pow(x.z, y.z), pow(x.w, y.w));
}

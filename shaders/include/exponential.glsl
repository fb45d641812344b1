// e^x and ln x; a NaN stays one. Vulkan leaves open what exp and log make of it, and a loss that is NaN must not look like a number.
float exponential(float x) { return isnan(x) ? x : exp(x); }

float logarithm(float x) { return isnan(x) ? x : log(x); }

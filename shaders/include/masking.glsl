// The gradient before a clamp: nothing passes where the value lies at an end of the range (as PyTorch: NaN in the value lets it pass).
// `floored` and `capped` say which ends the range has: infinite values are not clamped by an infinite end. The including file's push block
// has the ends, `low` and `high`, and comes before this.
layout(constant_id = 20) const bool masked = false;
layout(constant_id = 21) const bool floored = true;
layout(constant_id = 22) const bool capped = false;

bool isClamped(float value) { return (floored && value <= low) || (capped && value >= high); }

float masking(float gradient, float value) { return isClamped(value) ? 0 : gradient; }

vec2 masking(vec2 gradient, vec2 value) { return vec2(masking(gradient.x, value.x), masking(gradient.y, value.y)); }

vec4 masking(vec4 gradient, vec4 value) { return vec4(masking(gradient.xy, value.xy), masking(gradient.zw, value.zw)); }

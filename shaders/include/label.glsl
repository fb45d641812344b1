// Labels of a loss: 32-bit integers.
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Labels { int at[]; };

// Whether an image takes part: -100 marks one that does not, and no label outside the classes may lead outside the logits.
bool counts(int label, uint classes) {
    return label >= 0 && uint(label) < classes;
}

// What changes from one training step to the next, written by the host before each: the commands are recorded once.
// Graph/Training/StepValues.cs lays out the same fields, floats or (with DOUBLE) doubles behind four bytes of padding.
layout(buffer_reference, scalar, buffer_reference_align = ELEMENT_BYTES) readonly buffer Step {
    uvec2 seed;
    uint number;            // steps taken before this one, skipped ones included: keys the dropout masks
    float lossScale;        // every loss gradient is multiplied by it; the optimizer divides
    float learningRate;
    float clipNorm;         // largest norm of all gradients together; 0 does not clip
    float averageDecay;     // of the exponential moving average of the weights; 0 copies them
    float correction1;      // 1 - beta1^t and 1 - beta2^t of Adam, alpha^t of RMSProp; t counts the updates made
    float correction2;
};

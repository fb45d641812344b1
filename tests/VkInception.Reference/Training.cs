using VkInception.Graph;

namespace VkInception.Reference;

public static partial class References
{
    /// <summary>The output in a training step; where that differs from inference there is an overload of <c>TrainingForward</c>.</summary>
    public static Values Train(Op op, Values[] inputs, Values[] parameters, TrainingChance chance) => TrainingForward((dynamic)op, inputs, parameters, chance);

    /// <summary>The parameters after a training step's forward pass: the same objects but where it changes them (running statistics).</summary>
    public static Values[] Updated(Op op, Values[] inputs, Values[] parameters) => TrainingUpdate((dynamic)op, inputs, parameters);

    /// <summary>Gradients of Σ dy·y by inputs and parameters where the operation has kinks and a rule for them (the overloads of <c>TrainingBackward</c>); null where differences of the forward pass serve.</summary>
    public static Gradients? Backward(Op op, Values[] inputs, Values[] parameters, Values dy) => TrainingBackward((dynamic)op, inputs, parameters, dy);

    public static Values TrainingForward(Op op, Values[] inputs, Values[] parameters, TrainingChance chance) => Evaluate(op, inputs, parameters);

    public static Values[] TrainingUpdate(Op op, Values[] inputs, Values[] parameters) => parameters;

    public static Gradients? TrainingBackward(Op op, Values[] inputs, Values[] parameters, Values dy) => null;
}

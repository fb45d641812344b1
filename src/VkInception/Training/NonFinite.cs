using VkInception.Graph.Planning;

namespace VkInception.Training;

/// <summary>Finds where NaN or infinity first appears in a step whose result is not finite.</summary>
internal static class NonFinite
{
    /// <summary>The error of a step that diverged, with the place.</summary>
    /// <param name="training">As the step left it.</param>
    /// <param name="step">The step, from 1.</param>
    /// <param name="state">What there is to go back to; null where that is nothing.</param>
    public static VkInceptionException Diverged(CompiledTraining training, long step, string? state = null)
        => new(ErrorCode.Diverged, $"step {step}: {Locate(training)}; {(state is null ? "" : state + "; ")}try a lower learning rate, a warm-up or gradient clipping");

    /// <summary>Runs the last step's batch again, launch by launch, and looks at what each wrote.</summary>
    /// <returns>"NaN or infinity first appears in …".</returns>
    public static string Locate(CompiledTraining training)
    {
        if (training.ReadWeights().FirstOrDefault(w => w.Key.Trained && !w.Value.All(float.IsFinite)) is { Key: { } damaged })
            return $"the weights of {damaged.Name} are no longer finite";
        if (!training.ReadBatch().All(float.IsFinite)) return "the batch's images hold NaN or infinity";
        (PlanStep Step, string Tensor)? first = training.FirstNonFinite();
        return first is { } found
            ? $"NaN or infinity first appears in {found.Step.Name} ({found.Step.Work}, tensor {found.Tensor})"
            : "the loss or a gradient is not finite, and was finite when the step was run again";
    }
}

using VkInception.Graph.Planning;

namespace VkInception.Training;

/// <summary>Finds where NaN or infinity first appears in a step whose result is not finite.</summary>
internal static class NonFinite
{
    /// <summary>Runs the last step's batch again, launch by launch, and looks at what each wrote.</summary>
    /// <returns>"the loss is not finite: … is where NaN first appears".</returns>
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

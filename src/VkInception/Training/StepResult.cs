using System.Collections.Immutable;
using VkInception.Graph.Training;

namespace VkInception.Training;

/// <summary>What one training step found, before its update.</summary>
/// <param name="Losses">Mean loss of the classifier, then of each auxiliary head, unweighted.</param>
/// <param name="Loss">Their sum, each with its weight.</param>
/// <param name="Correct">Images whose largest logit of the classifier is the label's.</param>
/// <param name="Counted">Images whose label counts.</param>
/// <param name="GradientNorm">Norm of all gradients together, before clipping; 0 where only gradients are computed.</param>
/// <param name="Updated">Whether the weights were changed: every gradient was finite.</param>
public sealed record StepResult(ImmutableArray<double> Losses, double Loss, int Correct, int Counted, float GradientNorm, bool Updated)
{
    /// <summary>Whether the step was skipped because its loss scale was too large for half precision: the next one takes a smaller scale, and nothing is lost but the step.</summary>
    /// <param name="scaler">The scale that it had; null in single precision, where a gradient that is not finite stays one.</param>
    public bool IsOverflow(LossScaler? scaler) => !Updated && double.IsFinite(Loss) && scaler is { IsExhausted: false };
}

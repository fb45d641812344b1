using System.Collections.Immutable;

namespace VkInception.Training;

/// <summary>What one training step found, before its update.</summary>
/// <param name="Losses">Mean loss of the classifier, then of each auxiliary head, unweighted.</param>
/// <param name="Loss">Their sum, each with its weight.</param>
/// <param name="Correct">Images whose largest logit of the classifier is the label's.</param>
/// <param name="Counted">Images whose label counts.</param>
/// <param name="GradientNorm">Norm of all gradients together, before clipping; 0 where only gradients are computed.</param>
/// <param name="Updated">Whether the weights were changed: every gradient was finite.</param>
public sealed record StepResult(ImmutableArray<float> Losses, double Loss, int Correct, int Counted, float GradientNorm, bool Updated);

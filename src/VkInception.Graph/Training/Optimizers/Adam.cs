using System.Collections.Immutable;
using static VkInception.Graph.Training.SettingsText;

namespace VkInception.Graph.Training.Optimizers;

/// <summary>Adam (arXiv 1412.6980) and AdamW (arXiv 1711.05101), as <c>torch.optim</c> has them.</summary>
/// <remarks>
/// m = beta1·m + (1 − beta1)·g, v = beta2·v + (1 − beta2)·g², w −= rate/(1 − beta1^t)·m/(√v/√(1 − beta2^t) + epsilon), t counting the updates made.
/// Adam adds weight decay·w to g; AdamW takes rate·weight decay·w from w instead.
/// </remarks>
public sealed record Adam : Optimizer
{
    /// <inheritdoc/>
    public override string Name => IsDecoupled ? "adamw" : "adam";

    /// <summary>Share of the mean gradient that is kept.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Share of the mean square that is kept.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Keeps the divisor from zero.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>AdamW: the weight decay does not pass through the gradient.</summary>
    public bool IsDecoupled { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<string> States => ["mean", "square"];

    /// <inheritdoc/>
    protected override string Settings => $"beta1={Number(Beta1)},beta2={Number(Beta2)},epsilon={Number(Epsilon)}";

    /// <inheritdoc/>
    public override StepValues Prepare(StepValues values, long update, Precision precision = Precision.Single)
        => values with { Correction1 = 1 - Math.Pow(Taken(Beta1, precision), update), Correction2 = 1 - Math.Pow(Taken(Beta2, precision), update) };

    /// <inheritdoc/>
    public override IEnumerable<ShaderDispatch> Update(OptimizerTensors t)
    {
        ArgumentNullException.ThrowIfNull(t);
        return
        [
            Launch("optimizer_adam", t).Update("m", t.States[0]).Update("v", t.States[1])
                .With("beta1", Beta1).With("beta2", Beta2).With("epsilon", Epsilon).Specialize("decoupled", IsDecoupled),
        ];
    }

    /// <inheritdoc/>
    protected override void CheckConstants()
    {
        Share("beta1", Beta1);
        Share("beta2", Beta2);
        NotNegative("epsilon", Epsilon);
    }

    internal static Adam Read(SettingsText s, bool decoupled) => new()
    {
        Beta1 = s.Single("beta1", 0.9f),
        Beta2 = s.Single("beta2", 0.999f),
        Epsilon = s.Single("epsilon", 1e-8f),
        IsDecoupled = decoupled,
    };
}

using System.Collections.Immutable;
using static VkInception.Graph.Training.SettingsText;

namespace VkInception.Graph.Training.Optimizers;

/// <summary>RMSProp with momentum: gradients divided by the root of their mean square. The constants at first are Inception v3's (arXiv 1512.00567, section 8).</summary>
/// <remarks>
/// With g = gradient + weight decay·w, s = alpha·s + (1 − alpha)·g² and rate = learning rate × the parameter's multiplier:
/// TensorFlow's form (<c>tf.train.RMSPropOptimizer</c>, with which Inception v3 was trained) has epsilon inside the root and the rate inside the velocity:
/// v = m·v + rate·g/√(s + epsilon), w −= v, and s begins at one; PyTorch's (<c>torch.optim.RMSprop</c>) has both outside:
/// v = m·v + g/(√s + epsilon), w −= rate·v, and s begins at zero.
/// The state "square" begins at zero in both: TensorFlow's one, which fades as alpha^t, is added where s is read.
/// </remarks>
public sealed record RmsProp : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "rmsprop";

    /// <summary>Share of the mean square that is kept.</summary>
    public float Alpha { get; init; } = 0.9f;

    /// <summary>Keeps the divisor from zero.</summary>
    public float Epsilon { get; init; } = 1;

    /// <summary>Share of the velocity that is kept; 0 keeps none and needs no state.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>TensorFlow's form, not PyTorch's.</summary>
    public bool IsTensorFlow { get; init; } = true;

    /// <inheritdoc/>
    public override ImmutableArray<string> States => Momentum > 0 ? ["square", "momentum"] : ["square"];

    /// <inheritdoc/>
    protected override string Settings
        => $"alpha={Number(Alpha)},epsilon={Number(Epsilon)},momentum={Number(Momentum)},form={(IsTensorFlow ? "tensorflow" : "pytorch")}";

    /// <inheritdoc/>
    public override StepValues Prepare(StepValues values, long update, Precision precision = Precision.Single)
        => values with { Correction1 = Math.Pow(Taken(Alpha, precision), update) };

    /// <inheritdoc/>
    public override IEnumerable<ShaderDispatch> Update(OptimizerTensors t)
    {
        ArgumentNullException.ThrowIfNull(t);
        ShaderDispatch launch = Launch("optimizer_rmsprop", t).Update("square", t.States[0])
            .With("alpha", Alpha).With("epsilon", Epsilon).With("momentum", Momentum)
            .Specialize("has_momentum", Momentum > 0).Specialize("tensorflow", IsTensorFlow);
        return [Momentum > 0 ? launch.Update("velocity", t.States[1]) : launch.Read("velocity", t.Weights)];
    }

    /// <inheritdoc/>
    protected override void CheckConstants()
    {
        Share("alpha", Alpha);
        NotNegative("epsilon", Epsilon);
        Share("momentum", Momentum);
    }

    internal static RmsProp Read(SettingsText s) => new()
    {
        Alpha = s.Single("alpha", 0.9f),
        Epsilon = s.Single("epsilon", 1),
        Momentum = s.Single("momentum", 0.9f),
        IsTensorFlow = s.Word("form", "tensorflow", "pytorch") == "tensorflow",
    };
}

using System.Collections.Immutable;
using static VkInception.Graph.Training.SettingsText;

namespace VkInception.Graph.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum, in PyTorch's form (<c>torch.optim.SGD</c>) or in Caffe's (<c>SGDSolver</c>, <c>NesterovSolver</c>).</summary>
/// <remarks>
/// With g = gradient + weight decay·w and rate = learning rate × the parameter's multiplier:
/// PyTorch's v = m·v + g, w −= rate·v; Caffe's v = m·v + rate·g, w −= v. They agree while the rate stays as it is; when it falls, Caffe's goes on
/// at the old rate for a while. Nesterov's: w −= rate·(g + m·v), or w −= rate·g + m·v. The first step has v = g, as PyTorch's.
/// </remarks>
public sealed record Sgd : Optimizer
{
    /// <inheritdoc/>
    public override string Name => "sgd";

    /// <summary>Share of the velocity that is kept; 0 keeps none and needs no state.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Whether the gradient is as if taken where the momentum leads (Nesterov); takes a momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Whether the learning rate lies inside the velocity, as in Caffe.</summary>
    public bool IsCaffe { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<string> States => Momentum > 0 ? ["momentum"] : [];

    /// <inheritdoc/>
    protected override string Settings => $"momentum={Number(Momentum)},form={(IsCaffe ? "caffe" : "pytorch")},nesterov={(Nesterov ? "yes" : "no")}";

    /// <inheritdoc/>
    public override IEnumerable<ShaderDispatch> Update(OptimizerTensors t)
    {
        ArgumentNullException.ThrowIfNull(t);
        ShaderDispatch launch = Launch("optimizer_sgd", t).With("momentum", Momentum)
            .Specialize("has_momentum", Momentum > 0).Specialize("rate_inside", IsCaffe).Specialize("nesterov", Nesterov);
        return [Momentum > 0 ? launch.Update("velocity", t.States[0]) : launch.Read("velocity", t.Weights)];
    }

    /// <inheritdoc/>
    protected override void CheckConstants()
    {
        Share("momentum", Momentum);
        if (Nesterov && Momentum == 0) throw Wrong("nesterov needs a momentum above 0");
    }

    internal static Sgd Read(SettingsText s) => new()
    {
        Momentum = s.Single("momentum", 0.9f),
        IsCaffe = s.Word("form", "pytorch", "caffe") == "caffe",
        Nesterov = s.Word("nesterov", "no", "yes") == "yes",
    };
}

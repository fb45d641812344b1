using System.Collections.Immutable;

namespace VkInception.Graph.Rewrites;

/// <summary>A change of a network that keeps what it computes. Each can be switched off by its name.</summary>
/// <param name="Name">The name by which <see cref="ForInference"/> leaves it out.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Apply">Makes the new network.</param>
public sealed record Rewrite(string Name, string Summary, Func<Network, Network> Apply)
{
    /// <summary>What is applied before inference, in order.</summary>
    public static ImmutableArray<Rewrite> Inference { get; } =
    [
        new("remove-identity", "dropout and identity vanish", RemoveIdentity.Apply),
        new("fold-batch-norm", "batch norm goes into the weights and bias before it", FoldBatchNorm.Apply),
        new("fuse-clamp", "ReLU, ReLU6 and clip go into the convolution, linear layer or batch norm before them", FuseClamp.Apply),
        new("linear-to-conv", "flatten + linear becomes a convolution over the whole image, so nothing is transposed", LinearToConv.Apply),
    ];

    /// <summary>What a training step is built from: identities vanish, clamps go into the operation before them; no parameter is derived from others.</summary>
    /// <param name="network">What to change.</param>
    /// <param name="dropout">Whether dropout stays; otherwise it vanishes as in inference.</param>
    public static Network ForTraining(Network network, bool dropout) => FuseClamp.Apply(RemoveIdentity.Apply(network, keepDropout: dropout));

    /// <summary>Applies all of <see cref="Inference"/> but those switched off.</summary>
    /// <param name="network">What to change.</param>
    /// <param name="except">Names of rewrites to leave out; "all" leaves out every one.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: no rewrite has that name.</exception>
    public static Network ForInference(Network network, IReadOnlyCollection<string>? except = null)
    {
        except ??= [];
        foreach (string name in except)
            if (name != "all" && Inference.All(r => r.Name != name))
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"no rewrite \"{name}\": the rewrites are {string.Join(", ", Inference.Select(r => r.Name))}, or all");
        if (except.Contains("all")) return network;
        return Inference.Where(r => !except.Contains(r.Name)).Aggregate(network, (n, rewrite) => rewrite.Apply(n));
    }
}

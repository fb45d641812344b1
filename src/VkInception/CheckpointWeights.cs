using VkInception.Graph;
using VkInception.Weights;

namespace VkInception;

/// <summary>Parameters read from an open checkpoint, by key. Thread-safe.</summary>
/// <remarks>Reads on demand: nothing is held twice. The checkpoint must stay open as long as this is read from.</remarks>
public sealed class CheckpointWeights(Checkpoint checkpoint) : IWeightSource
{
    /// <summary>The checkpoint.</summary>
    public Checkpoint Checkpoint { get; } = checkpoint;

    /// <inheritdoc/>
    public bool Has(Parameter parameter) => Checkpoint.TryGet(parameter.Name, out _);

    /// <summary>Whether the checkpoint holds this parameter in its shape.</summary>
    public bool Fits(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return Checkpoint.TryGet(parameter.Name, out NamedTensor? tensor) && Fits(tensor, parameter);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Read(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!Checkpoint.TryGet(parameter.Name, out NamedTensor? tensor))
            throw new VkInceptionException(ErrorCode.WeightMismatch, $"{Checkpoint.Path}: no tensor \"{parameter.Name}\"; the network needs it as {parameter.Shape}");
        if (!Fits(tensor, parameter))
            throw new VkInceptionException(ErrorCode.WeightMismatch, $"{Checkpoint.Path}: tensor \"{parameter.Name}\" is {string.Join('×', tensor.Shape)}, the network needs {parameter.Shape}");
        return tensor.ToFloat32();
    }

    /// <summary>Compares the checkpoint with what a network needs, all at once.</summary>
    /// <param name="network">The network, auxiliary heads included.</param>
    /// <param name="auxiliaryPrefixes">Prefixes of keys that may be absent.</param>
    public WeightReport Compare(Network network, IReadOnlyList<string> auxiliaryPrefixes)
    {
        ArgumentNullException.ThrowIfNull(network);
        var wanted = network.Parameters.SelectMany(p => p.Loaded()).DistinctBy(p => p.Name).ToDictionary(p => p.Name);
        var mapped = new List<(NamedTensor Tensor, Parameter Parameter)>();
        var misshapen = new List<string>();
        foreach ((string name, Parameter parameter) in wanted)
        {
            if (!Checkpoint.TryGet(name, out NamedTensor? tensor)) continue;
            if (Fits(tensor, parameter)) mapped.Add((tensor, parameter));
            else misshapen.Add($"{name} is {string.Join('×', tensor.Shape)}, {parameter.Shape} is needed");
        }
        string[] absent = [.. wanted.Values.Where(p => p.Value is null && !Has(p)).Select(p => p.Name)];
        return new WeightReport(
            mapped,
            [.. absent.Where(n => !IsAuxiliary(n))],
            [.. absent.Where(IsAuxiliary)],
            [.. Checkpoint.Tensors.Select(t => t.Name).Where(n => !wanted.ContainsKey(n) && !IsBookkeeping(n))],
            misshapen);

        bool IsAuxiliary(string name) => auxiliaryPrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal));
    }

    /// <summary>Counters that PyTorch keeps beside batch norm's statistics; they may be missing and are not needed.</summary>
    private static bool IsBookkeeping(string name) => name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    private static bool Fits(NamedTensor tensor, Parameter parameter) => tensor.Shape.AsSpan().SequenceEqual(parameter.Shape.Dims.AsSpan());
}

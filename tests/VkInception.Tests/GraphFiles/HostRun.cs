using VkInception.Graph;
using VkInception.Reference;

namespace VkInception.Tests.GraphFiles;

/// <summary>Runs an imported network in double precision on the host.</summary>
internal static class HostRun
{
    /// <summary>A tensor of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">Gives element i of the input.</param>
    /// <param name="output">The tensor wanted.</param>
    /// <param name="checkpoint">Elements of parameters that the file does not hold.</param>
    public static Values Evaluate(Network network, Func<int, float> input, Tensor output, Func<Parameter, float[]>? checkpoint = null)
    {
        Tensor x = network.Inputs[0];
        var values = new Dictionary<Tensor, Values> { [x] = Values.Of(x.Shape, [.. Enumerable.Range(0, (int)x.Shape.Count).Select(input)]) };
        foreach (Node node in network.WithOutputs(output).Nodes)
            values[node.Output] = References.Evaluate(node.Op, [.. node.Inputs.Select(t => values[t])], [.. node.Parameters.Select(p => Values.Of(p.Shape, Read(p).Span))]);
        return values[output];

        ReadOnlyMemory<float> Read(Parameter parameter)
        {
            if (parameter.Derive is { } derive) return derive(Read);
            return parameter.Value ?? checkpoint?.Invoke(parameter) ?? throw new KeyNotFoundException(parameter.Name);
        }
    }
}

using VkInception.Graph;

namespace VkInception.Reference;

/// <summary>The forward pass of every operation in double precision, plain nested loops over logical indices; one file per kind of operation.</summary>
public static partial class References
{
    /// <summary>The output of one operation: finds the overload of <c>Forward</c> that takes it.</summary>
    public static Values Evaluate(Op op, Values[] inputs, Values[] parameters) => Forward((dynamic)op, inputs, parameters);

    /// <summary>All tensors of a network by name, from its inputs and parameters by name.</summary>
    public static Dictionary<string, Values> Evaluate(Network network, IReadOnlyDictionary<string, Values> inputs, IReadOnlyDictionary<string, Values> parameters)
    {
        var values = new Dictionary<string, Values>(inputs);
        foreach (Node node in network.Nodes)
            values[node.Output.Name] = Evaluate(node.Op, [.. node.Inputs.Select(t => values[t.Name])], [.. node.Parameters.Select(p => parameters[p.Name])]);
        return values;
    }

    private static Values NewOutput(Op op, Values[] inputs) => new(op.Infer([.. inputs.Select(x => x.Shape)]).Outputs[0]);
}

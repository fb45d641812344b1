using System.CommandLine;
using VkInception.Cli.Documents;
using VkInception.Graph;

namespace VkInception.Cli.Commands;

/// <summary><c>summary MODEL</c>: the layers of a network, as the paper's Table 1 lists them.</summary>
internal sealed class SummaryCommand : CliCommand
{
    private readonly Argument<string> model = Words.Model();

    public SummaryCommand()
        : base("summary", "Shows a network's layers: output shape, parameters, multiply-adds (batch 1, without auxiliary heads)",
            "summary googlenet", "summary network.onnx --json")
        => Arguments.Add(model);

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        using Model loaded = Model.Load(parsed.GetRequiredValue(model));
        Network whole = loaded.Network();
        Network network = whole.WithOutputs(whole.Outputs[0]);
        LayerDocument[] layers = [.. network.Nodes.Select(Describe)];
        if (context.Terminal.Json)
        {
            var document = new SummaryDocument(network.Name, network.Inputs[0].Shape.Dims, network.ParameterCount, network.MultiplyAdds, layers);
            context.Terminal.Document(document, JsonDocuments.Plain.SummaryDocument);
        }
        else
        {
            Print(network, layers, context.Terminal);
        }

        return Task.FromResult(0);
    }

    private static LayerDocument Describe(Node node) => new(
        node.Name, node.Op.Type, node.Op.Attributes, node.Output.Shape.Dims, node.Parameters.Where(p => p.Trained).Sum(p => p.Shape.Count), node.MultiplyAdds);

    private static void Print(Network network, LayerDocument[] layers, Terminal terminal)
    {
        var table = new TextTable("layer", "operation", "output", ">parameters", ">multiply-adds");
        foreach (LayerDocument layer in layers)
        {
            table.Add(
                layer.Name, $"{layer.Type} {layer.Attributes}".TrimEnd(), string.Join('×', layer.OutputShape),
                layer.Parameters == 0 ? "" : Counts.Grouped(layer.Parameters), layer.MultiplyAdds == 0 ? "" : Counts.Metric(layer.MultiplyAdds));
        }

        terminal.Table(table);
        terminal.Line($"{network.Name}, input {network.Inputs[0].Shape}: {Counts.Grouped(network.ParameterCount)} parameters, {Counts.Metric(network.MultiplyAdds)} multiply-adds");
    }
}

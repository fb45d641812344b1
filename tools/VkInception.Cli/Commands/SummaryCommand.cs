using System.CommandLine;
using VkInception.Cli.Documents;
using VkInception.Cli.Tables;
using VkInception.Graph;

namespace VkInception.Cli.Commands;

/// <summary><c>summary MODEL</c>: a network as its paper's table shows it, or layer by layer.</summary>
internal sealed class SummaryCommand : CliCommand
{
    private readonly Argument<string> model = Words.Model();
    private readonly Option<bool> layers = new("--layers") { Description = "A row a layer, not a block" };

    public SummaryCommand()
        : base("summary", "Shows a network as its paper's table does: blocks, output shapes, parameters, multiply-adds (batch 1, without auxiliary heads)",
            "summary googlenet", "summary resnet50 --layers", "summary network.onnx --json")
    {
        Arguments.Add(model);
        Options.Add(layers);
    }

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        using Model loaded = Model.Load(parsed.GetRequiredValue(model));
        Network whole = loaded.Network();
        Network network = whole.WithOutputs(whole.Outputs[0]);
        if (context.Terminal.Json)
        {
            var document = new SummaryDocument(network.Name, network.Inputs[0].Shape.Dims, network.ParameterCount, network.MultiplyAdds, [.. network.Nodes.Select(Describe)]);
            context.Terminal.Document(document, JsonDocuments.Plain.SummaryDocument);
        }
        else
        {
            Print(network, isZoo: loaded.Card is not null, byLayer: parsed.GetValue(layers), context.Terminal);
        }

        return Task.FromResult(0);
    }

    private static LayerDocument Describe(Node node) => new(
        node.Name, node.Op.Type, node.Op.Attributes, node.Output.Shape.Dims, node.Parameters.Where(p => p.Trained).Sum(p => p.Shape.Count), node.MultiplyAdds);

    private static void Print(Network network, bool isZoo, bool byLayer, Terminal terminal)
    {
        bool isPapers = network.Name == "googlenet" && !byLayer;
        terminal.Table(network.Name switch
        {
            _ when byLayer || !isZoo => LayerTable(network),
            "googlenet" or "googlenet-naive" => GoogLeNetTable.Of(network, isPapers),
            _ => BlockTable.Of(network),
        });
        terminal.Line($"{network.Name}, input {network.Inputs[0].Shape}: {Counts.Grouped(network.ParameterCount)} parameters, {Counts.Metric(network.MultiplyAdds)} multiply-adds");
        foreach (string remark in isPapers ? GoogLeNetTable.Remarks : [])
            terminal.Line(remark);
    }

    private static TextTable LayerTable(Network network)
    {
        var table = new TextTable("layer", "operation", "output", ">parameters", ">multiply-adds");
        foreach (LayerDocument layer in network.Nodes.Select(Describe))
        {
            table.Add(
                layer.Name, $"{layer.Type} {layer.Attributes}".TrimEnd(), string.Join('×', layer.OutputShape),
                layer.Parameters == 0 ? "" : Counts.Grouped(layer.Parameters), layer.MultiplyAdds == 0 ? "" : Counts.Metric(layer.MultiplyAdds));
        }

        return table;
    }
}

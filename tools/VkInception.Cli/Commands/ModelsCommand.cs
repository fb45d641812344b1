using System.CommandLine;
using System.Globalization;
using VkInception.Cli.Documents;
using VkInception.Graph.Models;

namespace VkInception.Cli.Commands;

/// <summary><c>models</c>: the networks that are built by name.</summary>
internal sealed class ModelsCommand() : CliCommand("models", "Lists the networks that are known by name", "models", "models --json")
{
    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        if (context.Terminal.Json)
            context.Terminal.Document([.. ModelZoo.All.Select(Describe)], JsonDocuments.Plain.ModelDocumentArray);
        else
            Print(context.Terminal);
        return Task.FromResult(0);
    }

    private static ModelDocument Describe(ModelCard card) =>
        new(card.Name, card.Title, card.Paper, card.Year, [card.Input.Mean.Count, card.Input.Height, card.Input.Width], card.Published, card.Weights, card.Parameters, card.MultiplyAdds);

    private static void Print(Terminal terminal)
    {
        var table = new TextTable("name", "network", "year", "input", ">parameters", ">multiply-adds", "top-1 / top-5");
        foreach (ModelCard card in ModelZoo.All)
        {
            table.Add(
                card.Name, card.Title, card.Year.ToString(CultureInfo.InvariantCulture), $"{card.Input.Mean.Count}×{card.Input.Height}×{card.Input.Width}",
                Counts.Metric(card.Parameters), Counts.Metric(card.MultiplyAdds), card.Published);
        }


        terminal.Table(table);
        terminal.Line("Released weights:");
        foreach (ModelCard card in ModelZoo.All)
            terminal.Line($"  {card.Name}: {card.Weights}");
    }
}

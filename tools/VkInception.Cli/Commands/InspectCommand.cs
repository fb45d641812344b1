using System.CommandLine;
using System.Globalization;
using VkInception.Cli.Documents;
using VkInception.Weights;

namespace VkInception.Cli.Commands;

/// <summary><c>inspect FILE</c>: the tensors of a checkpoint.</summary>
internal sealed class InspectCommand : CliCommand
{
    private readonly Argument<string> file = Words.One("FILE", "A .safetensors, .caffemodel, .pth, .pt, .th, .npz, .npy, .onnx, .pb, .ckpt, .index, model.json or .h5 file");

    public InspectCommand()
        : base("inspect", "Lists the tensors of a checkpoint: name, shape, type, min, max, mean, std",
            "inspect googlenet.safetensors", "inspect bvlc_googlenet.caffemodel --json")
        => Arguments.Add(file);

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        using Checkpoint checkpoint = Checkpoint.Open(parsed.GetRequiredValue(file));
        var tensors = new List<TensorDocument>(checkpoint.Tensors.Count);
        using (ProgressLine progress = context.Terminal.Progress("reading"))
        {
            foreach (NamedTensor tensor in checkpoint.Tensors)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                tensors.Add(Describe(tensor));
                progress.Step(tensors.Count, checkpoint.Tensors.Count);
            }
        }

        if (context.Terminal.Json)
        {
            var document = new InspectDocument(checkpoint.Path, checkpoint.Format, checkpoint.Metadata, checkpoint.Notes, tensors);
            context.Terminal.Document(document, JsonDocuments.Plain.InspectDocument);
        }
        else
        {
            Print(checkpoint, tensors, context.Terminal);
        }

        return Task.FromResult(0);
    }

    private static TensorDocument Describe(NamedTensor tensor)
    {
        TensorStatistics s = TensorStatistics.Of(tensor);
        return new(tensor.Name, tensor.Shape, Lower(tensor.Type.ToString()), Finite(s.Min), Finite(s.Max), Finite(s.Mean), Finite(s.StandardDeviation), s.NaNCount, s.InfinityCount);
    }

    private static void Print(Checkpoint checkpoint, List<TensorDocument> tensors, Terminal terminal)
    {
        terminal.Line($"{checkpoint.Path}: {checkpoint.Format}, {Counts.Of(tensors.Count, "tensor")}, {checkpoint.Tensors.Sum(t => t.Count).ToString("N0", CultureInfo.InvariantCulture)} elements");
        foreach ((string key, string value) in checkpoint.Metadata)
            terminal.Line($"{key}: {value}");
        foreach (string note in checkpoint.Notes)
            terminal.Line($"note: {note}");
        var table = new TextTable("name", "shape", "type", ">min", ">max", ">mean", ">std");
        foreach (TensorDocument t in tensors)
            table.Add(t.Name, t.Shape.Count == 0 ? "scalar" : string.Join('×', t.Shape), t.Type, Short(t.Min), Short(t.Max), Short(t.Mean), Short(t.Std));
        terminal.Table(table);
        foreach (TensorDocument t in tensors.Where(t => t.NanCount + t.InfinityCount > 0))
            terminal.Warn($"{checkpoint.Path}: {t.Name}: {Counts.Of(t.NanCount, "NaN")} and {Counts.Of(t.InfinityCount, "infinite element")}; they are left out of the statistics");
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Short(double? value) => value?.ToString("G5", CultureInfo.InvariantCulture) ?? "-";

    private static string Lower(string type) => type.ToLowerInvariant();
}

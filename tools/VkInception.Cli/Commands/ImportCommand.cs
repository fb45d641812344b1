using System.CommandLine;
using VkInception.Cli.Documents;
using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Cli.Commands;

/// <summary><c>import SRC --model MODEL -o OUT</c>: a reference checkpoint into the native format.</summary>
internal sealed class ImportCommand : CliCommand
{
    private readonly Argument<string> source = Words.One("SRC", "The checkpoint: .caffemodel, .pth, .pt, .th, .npz, .onnx or .safetensors");
    private readonly Option<string> model = Words.RequiredText("--model", "MODEL", "The network that it is for");
    private readonly Option<string> output = Words.RequiredText("--output", "OUT.safetensors", "The file to write", "-o");

    private readonly Option<bool> half = new("--half") { Description = "Store filters and matrices in half precision: half the size" };

    public ImportCommand()
        : base("import", "Converts a checkpoint to .safetensors under the network's own names",
            "import bvlc_googlenet.caffemodel --model googlenet -o googlenet.safetensors",
            "import googlenet-1378be20.pth --model googlenet-torchvision -o googlenet-torchvision.safetensors")
    {
        Arguments.Add(source);
        Options.Add(model);
        Options.Add(output);
        Options.Add(half);
    }

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        OutputFile.RefuseSource(parsed.GetRequiredValue(output), parsed.GetRequiredValue(source), parsed.GetRequiredValue(model));
        using ProgressLine progress = context.Terminal.Progress("reading");
        using Model named = Model.Load(parsed.GetRequiredValue(model));
        using Checkpoint checkpoint = named.OpenWeights(parsed.GetRequiredValue(source));
        using Model network = named.As(checkpoint);
        WeightReport report = new CheckpointWeights(checkpoint).Compare(network.Network(), network.Card?.AuxiliaryPrefixes ?? []);
        report.ThrowIfUnfit(checkpoint.Path, network.Name);
        CheckValues(checkpoint, report, progress, context);
        progress.Stage("writing");
        string outputPath = parsed.GetRequiredValue(output), sha256 = checkpoint.ComputeSha256();
        // What the source says of itself (its classes, its images) goes along.
        var metadata = new Dictionary<string, string>(checkpoint.Metadata)
        {
            ["model"] = network.Name,
            ["source"] = Path.GetFileName(checkpoint.Path),
            ["sha256"] = sha256,
        };
        bool halve = parsed.GetValue(half);
        SafetensorsWriter.Write(outputPath, report.Mapped.Select(pair => Stored(pair.Tensor, pair.Parameter, halve)), metadata);
        progress.Dispose();
        Report(context, new ImportDocument(
            checkpoint.Path, checkpoint.Format, sha256, network.Name, outputPath, [.. report.Mapped.Select(Describe)], report.MissingAuxiliary, checkpoint.Notes));
        return Task.FromResult(0);
    }

    /// <summary>The tensor as it is written; biases and norms are few, and stay as they are.</summary>
    private static NamedTensor Stored(NamedTensor tensor, Parameter parameter, bool halve) => halve && tensor.Shape.Length > 1
        ? NamedTensor.FromFloat16(parameter.Name, tensor.Shape, Array.ConvertAll(tensor.ToFloat32(), v => (Half)v))
        : tensor.WithName(parameter.Name);

    private static void CheckValues(Checkpoint checkpoint, WeightReport report, ProgressLine progress, CommandContext context)
    {
        progress.Stage("checking");
        int done = 0;
        foreach ((NamedTensor tensor, _) in report.Mapped)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            LoadedModel.WarnUnlessFinite(checkpoint.Path, tensor.Name, TensorStatistics.Of(tensor), context.Terminal);
            progress.Step(++done, report.Mapped.Count);
        }
    }

    private static MappingDocument Describe((NamedTensor Tensor, Parameter Parameter) pair) => new(pair.Tensor.Name, pair.Parameter.Name, pair.Tensor.Shape);

    private static void Report(CommandContext context, ImportDocument done)
    {
        Terminal terminal = context.Terminal;
        if (terminal.Json)
        {
            terminal.Document(done, JsonDocuments.Plain.ImportDocument);
            return;
        }

        if (context.Settings.Quiet)
            return;
        var table = new TextTable("tensor", "shape", "parameter");
        foreach (MappingDocument m in done.Mapped)
            table.Add(m.Source, m.Shape.Count == 0 ? "scalar" : string.Join('×', m.Shape), m.Parameter);
        terminal.Table(table);
        foreach (string note in done.Notes)
            terminal.Line($"note: {note}");
        if (done.MissingAuxiliary.Count > 0)
            terminal.Line($"auxiliary heads left out ({Counts.Of(done.MissingAuxiliary.Count, "tensor")} absent); inference does not need them");
        terminal.Line($"{done.Output}: {Counts.Of(done.Mapped.Count, "tensor")} of {done.Model}, from {done.Source} ({done.Format}, sha256 {done.Sha256})");
    }
}

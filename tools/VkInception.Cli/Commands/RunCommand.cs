using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using VkInception.Cli.Documents;
using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Weights;

namespace VkInception.Cli.Commands;

/// <summary><c>run MODEL --input x.npy --output y.npy</c>: raw tensors through a network.</summary>
internal sealed class RunCommand : CliCommand
{
    private readonly Argument<string> model = Words.Model();
    private readonly Option<string> weights = Words.Weights();
    private readonly Option<string> input = Words.RequiredText("--input", "X.npy", "float32 N×C×H×W, already preprocessed; N is the batch");
    private readonly Option<string> output = Words.RequiredText("--output", "Y.npy", "Receives float32: the logits, or what --fetch names");
    private readonly Option<string> fetch = Words.Text("--fetch", "NODE", "Node or tensor to return instead of the logits");

    public RunCommand()
        : base("run", "Runs preprocessed tensors through a network; logits, or any node's value, come out",
            "run googlenet --weights bvlc_googlenet.caffemodel --input x.npy --output logits.npy",
            "run network.onnx --input x.npy --output features.npy --fetch /avgpool/GlobalAveragePool")
    {
        Arguments.Add(model);
        foreach (Option option in (Option[])[weights, input, output, fetch])
            Options.Add(option);
    }

    public override bool RunsKernels => true;

    public override bool TakesHalf(ParseResult parsed) => true;

    public override async Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        string inputPath = parsed.GetRequiredValue(input), outputPath = parsed.GetRequiredValue(output);
        string? weightsPath = parsed.GetValue(weights);
        OutputFile.RefuseSource(outputPath, inputPath, weightsPath, parsed.GetRequiredValue(model));
        using ProgressLine progress = context.Terminal.Progress("reading the network");
        using var session = new DeviceSession(context);
        using Model loaded = LoadedModel.WithWeights(parsed.GetRequiredValue(model), weightsPath);
        NpyArray<float> x = NpyReader.ReadFloat32(inputPath);
        if (x.Shape.IsEmpty || x.Values.Length == 0)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{inputPath}: holds no batch; give float32 N×C×H×W");
        DemandRank(inputPath, x.Shape, loaded);
        progress.Stage("preparing the device");
        using CompiledModel compiled = session.Compile(loaded, OptionsFor(x, parsed.GetValue(fetch), context.Settings.Precision));
        if (!compiled.InputShape.Dims.AsSpan().SequenceEqual(x.Shape.AsSpan()))
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{inputPath}: is {string.Join('×', x.Shape)}, {loaded.Name} takes {compiled.InputShape}");
        progress.Stage("running");
        long start = Stopwatch.GetTimestamp();
        float[] y = await compiled.RunAsync(x.Values, context.Cancellation);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        session.Finish(compiled);
        ImmutableArray<int> shape = ShapeOf(compiled.OutputShape, loaded, parsed.GetValue(fetch));
        NpyWriter.Write(outputPath, shape, y);
        progress.Dispose();
        if (Array.Exists(y, v => !float.IsFinite(v)))
            LoadedModel.WarnOfDamagedResult(context.Terminal);
        Report(context, new RunDocument(
            loaded.Name, session.Device.Info.Name, context.Settings.PrecisionWord, inputPath, outputPath, compiled.Plan.Network.Outputs[0].Name, shape, milliseconds));
        return 0;
    }

    private static void DemandRank(string path, ImmutableArray<int> shape, Model model)
    {
        Shape wanted = model.Network().Inputs[0].Shape;
        if (shape.Length != wanted.Rank)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{path}: is {string.Join('×', shape)}, {model.Name} takes a batch N×{string.Join('×', wanted.Dims[1..])}");
    }

    private static CompileOptions OptionsFor(NpyArray<float> x, string? fetch, Precision precision) => new()
    {
        Batch = x.Shape[0],
        Height = x.Shape.Length == 4 ? x.Shape[2] : 0,
        Width = x.Shape.Length == 4 ? x.Shape[3] : 0,
        Output = fetch,
        Precision = precision,
    };

    // Logits are N×classes, also where a Caffe network ends in a pooled map of one pixel; an ONNX output keeps its declared shape.
    private static ImmutableArray<int> ShapeOf(Shape shape, Model model, string? fetch) =>
        fetch is null && !model.Name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) && shape is { Rank: 4, H: 1, W: 1 } ? [shape.N, shape.C] : shape.Dims;

    private static void Report(CommandContext context, RunDocument done)
    {
        if (context.Terminal.Json)
            context.Terminal.Document(done, JsonDocuments.Plain.RunDocument);
        else if (!context.Settings.Quiet)
            context.Terminal.Line(FormattableString.Invariant($"{done.Output}: {done.Tensor}, float32 {string.Join('×', done.Shape)}, {done.Milliseconds:F1} ms on {done.Device}"));
    }
}

using System.CommandLine;
using System.Globalization;
using VkInception.Cli.Documents;
using VkInception.Graph;
using VkInception.Imaging;

namespace VkInception.Cli.Commands;

/// <summary><c>classify IMAGE…</c>: what is in the photos.</summary>
internal sealed class ClassifyCommand : CliCommand
{
    private const int LargestBatch = 8;

    private readonly Argument<string[]> images = Words.Many("IMAGE", "JPEG, PNG, BMP or GIF files");
    private readonly Option<string> model = Words.Text("--model", "MODEL", "The network (default: the one that comes with the program; with --weights googlenet)");
    private readonly Option<string> weights = Words.Weights();
    private readonly Option<string> labels = Words.Text("--labels", "FILE", "Names of the classes, one a line");
    private readonly Option<int> top = Words.Number("--top", 5, 1, 1_000_000, "Predictions per image");
    private readonly Option<string> crops = new("--crops") { Description = "Views of each image whose probabilities are averaged: the centre; corners and centre, mirrored; four scales as the paper tests", HelpName = "1|10|144", DefaultValueFactory = _ => "1" };
    private readonly PreprocessOptions preprocessing = new();

    public ClassifyCommand()
        : base("classify", "Says what is in photos",
            "classify cat.jpg",
            "classify cat.jpg --model network.onnx --labels synset_words.txt",
            "classify cat.jpg --model network.onnx --crops 144",
            "classify *.jpg --weights bvlc_googlenet.caffemodel --labels synset_words.txt --json")
    {
        Words.Among(crops, "1", "10", "144");
        Arguments.Add(images);
        foreach (Option option in (Option[])[model, weights, labels, top, crops, .. preprocessing.All])
            Options.Add(option);
    }

    public override bool RunsKernels => true;

    public override bool TakesHalf(ParseResult parsed) => true;

    public override async Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        int views = int.Parse(parsed.GetValue(crops)!, CultureInfo.InvariantCulture);
        string[] files = parsed.GetRequiredValue(images);
        using ProgressLine progress = context.Terminal.Progress("reading the network");
        using var session = new DeviceSession(context);
        IReadOnlyList<string>? names = parsed.GetValue(labels) is { } path ? Labels.Read(path) : null;
        string? network = parsed.GetValue(model), checkpoint = parsed.GetValue(weights);
        using Model loaded = network is null && checkpoint is null ? ShippedCheckpoint.Load() : LoadedModel.WithWeights(network ?? "googlenet", checkpoint);
        if (names is null && loaded.ClassNames.Count > 0)
            names = loaded.ClassNames;
        progress.Stage("preparing the device");
        using CompiledModel compiled = session.Compile(loaded, new CompileOptions { Batch = BatchFor(files.Length, views), Precision = context.Settings.Precision });
        ImageInput input = InputOf(parsed, loaded, compiled.InputShape);
        DemandLabels(names, compiled.OutputShape, parsed.GetValue(labels));

        var classifier = new PhotoClassifier(compiled, input, views, names, parsed.GetValue(top));
        progress.Stage("classifying");
        IReadOnlyList<ClassifyDocument> found = await classifier.RunAsync(files, done => progress.Step(done, files.Length), context.Cancellation);
        session.Finish(compiled);
        progress.Dispose();
        foreach (PhotoFailure failure in classifier.Failures)
            context.Terminal.Warn(failure.Error.Message);
        if (classifier.SawNaN)
            LoadedModel.WarnOfDamagedResult(context.Terminal);
        Print(found, context.Terminal);
        return classifier.Failures.Count == 0 ? 0 : 1;
    }

    /// <summary>A batch that is full: several photos of one crop, or the views of one photo in equal parts.</summary>
    private static int BatchFor(int photos, int views) => views switch
    {
        1 => Math.Min(photos, LargestBatch),
        10 => 10,
        _ => 16,
    };

    private ImageInput InputOf(ParseResult parsed, Model loaded, Shape shape) => shape.Rank == 4 && shape.C == 3
        ? preprocessing.Apply(parsed, loaded.ImageInput, shape.W, shape.H)
        : throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{loaded.Name}: takes {shape}, which is no colour photo; classify needs N×3×H×W");

    private static void DemandLabels(IReadOnlyList<string>? names, Shape output, string? path)
    {
        long classes = output.Count / output.N;
        if (names is not null && names.Count != classes)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: holds {Counts.Of(names.Count, "label")}, the network tells {classes} classes apart");
    }

    private static void Print(IReadOnlyList<ClassifyDocument> found, Terminal terminal)
    {
        if (terminal.Json)
        {
            terminal.Document([.. found], JsonDocuments.Plain.ClassifyDocumentArray);
            return;
        }

        foreach (ClassifyDocument photo in found)
        {
            terminal.Line(photo.File);
            foreach (PredictionDocument p in photo.Predictions)
                terminal.Line(FormattableString.Invariant($"  {p.Probability,8:P2}  {p.Index,4}  {p.Label}").TrimEnd());
        }
    }
}

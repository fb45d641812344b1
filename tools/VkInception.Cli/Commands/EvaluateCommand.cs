using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VkInception.Cli.Documents;
using VkInception.Cli.Training;
using VkInception.Imaging.Augmentation;
using VkInception.Imaging.Datasets;
using VkInception.Training;

namespace VkInception.Cli.Commands;

/// <summary><c>evaluate --data DIR --model M --weights W [W2 …]</c>: how well a network, or an ensemble, does on labelled images.</summary>
internal sealed class EvaluateCommand : CliCommand
{
    private readonly Option<string> model = Words.Text("--model", "MODEL", "The network (default: googlenet)");
    private readonly Option<string[]> weights = new("--weights") { Description = "Checkpoints; several are an ensemble whose probabilities are averaged", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> crops = new("--crops") { Description = "Views of each image whose probabilities are averaged", HelpName = "1|10|144", DefaultValueFactory = _ => "1" };
    private readonly Option<int> batch = Words.Number("--batch", 16, 1, 65536, "Views per run");
    private readonly DataWords data = new();
    private readonly PreprocessOptions preprocessing = new();

    public EvaluateCommand()
        : base("evaluate", "Measures top-1, top-5, loss and confusion on labelled images",
            "evaluate --data photos --model googlenet-torchvision --weights runs/1/best.safetensors",
            "evaluate --data photos --model googlenet-torchvision --weights runs/1/best.safetensors runs/2/best.safetensors --crops 10 --json")
    {
        Words.Among(crops, "1", "10", "144");
        foreach (Option option in (Option[])[.. data.ForEvaluation, model, weights, crops, batch, .. preprocessing.All])
            Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetResult(data.ForEvaluation.First()) is null)
                result.AddError("evaluate takes --data DIR");
        });
    }

    public override bool PlansKernels => true;

    public override bool TakesHalf(ParseResult parsed) => true;

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        string name = parsed.GetValue(model) ?? "googlenet";
        string[] files = parsed.GetValue(weights) ?? [];
        var members = new List<Model>();
        try
        {
            if (files.Length == 0) members.Add(LoadedModel.WithWeights(name, null));
            foreach (string file in files) members.Add(LoadedModel.WithWeights(name, file));
            return Task.FromResult(Run(parsed, context, members, files));
        }
        finally
        {
            foreach (Model member in members) member.Dispose();
        }
    }

    private int Run(ParseResult parsed, CommandContext context, List<Model> members, string[] files)
    {
        IReadOnlyList<string> classes = members[0].ClassNames;
        Dataset dataset = data.Open(parsed, new DatasetOptions { EvaluationOnly = true, ClassNames = classes.Count > 0 ? classes : null }, context);
        (int height, int width) = data.Size(parsed);
        int views = int.Parse(parsed.GetValue(crops)!, CultureInfo.InvariantCulture), images = Math.Max(1, parsed.GetValue(batch) / views);
        using var session = new DeviceSession(context);
        var compiled = new List<CompiledModel>();
        try
        {
            foreach (Model member in members)
                compiled.Add(member.Compile(session.Device, new CompileOptions { Batch = images * views, Height = height, Width = width, Kernels = session.Kernels, Precision = context.Settings.Precision }));
            ImageInput input = preprocessing.Apply(parsed, members[0].ImageInput, compiled[0].InputShape.W, compiled[0].InputShape.H);
            using ProgressLine progress = context.Terminal.Progress("evaluating");
            long start = Stopwatch.GetTimestamp();
            using IBatchStream batches = new DatasetTraining(dataset, input, AugmentationOptions.None, 0, data.Workers(parsed), data.Unreadable(parsed)).Evaluate(images, views);
            EvaluationResult found = Evaluator.Run(compiled, batches, dataset.ClassNames.Count, views, done => progress.Step(done, dataset.Evaluation!.Count), context.Cancellation);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            session.Finish();
            progress.Dispose();
            Report(context.Terminal, Describe(members[0].Name, session, context.Settings.PrecisionWord, dataset, files, views, found, found.Images / seconds));
            return 0;
        }
        finally
        {
            foreach (CompiledModel one in compiled) one.Dispose();
        }
    }

    private static EvaluateDocument Describe(string name, DeviceSession session, string precision, Dataset dataset, string[] files, int views, EvaluationResult found, double rate)
    {
        int classes = dataset.ClassNames.Count;
        return new EvaluateDocument(
            name, session.Device.Info.Name, precision, dataset.Path, files, views, found.Images, found.Top1, found.Top5, found.Loss, rate, dataset.ClassNames,
            [.. Enumerable.Range(0, found.Confusion.Length / classes).Select(label => (IReadOnlyList<int>)found.Confusion.AsSpan(label * classes, classes).ToArray())]);
    }

    private static void Report(Terminal terminal, EvaluateDocument done)
    {
        if (terminal.Json)
        {
            terminal.Document(done, JsonDocuments.Plain.EvaluateDocument);
            return;
        }

        terminal.Line(FormattableString.Invariant($"{done.Model} on {done.Data}: {Counts.Of(done.Images, "image")}, {Counts.Of(done.Crops, "crop")} each, {done.ImagesPerSecond:F1} images/s on {done.Device}"));
        terminal.Line(FormattableString.Invariant($"top-1 {done.Top1:P2}, top-5 {done.Top5:P2}, loss {done.Loss:F4}"));
        const int MostShown = 20;
        if (done.Classes.Count > MostShown)
            return;
        var table = new TextTable(["label", .. done.Classes.Select(c => c), "right"]);
        for (int label = 0; label < done.Classes.Count; label++)
            table.Add([done.Classes[label], .. done.Confusion[label].Select(n => Counts.Grouped(n)), Share(done.Confusion[label][label], done.Confusion[label].Sum())]);
        terminal.Table(table);
    }

    private static string Share(int right, int all) => all == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{(double)right / all:P1}");
}

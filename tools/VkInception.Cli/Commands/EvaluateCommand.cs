using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using VkInception.Cli.Documents;
using VkInception.Cli.Evaluating;
using VkInception.Cli.Training;
using VkInception.Graph;
using VkInception.Imaging.Datasets;
using VkInception.Training;

namespace VkInception.Cli.Commands;

/// <summary><c>evaluate --data DIR --model M --weights W [W2 …]</c>: how well a network, or an ensemble, does on labelled images.</summary>
internal sealed class EvaluateCommand : CliCommand
{
    private readonly Option<string[]> model = new("--model") { Description = "The network (default: googlenet); several are an ensemble", HelpName = "MODEL", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> weights = new("--weights") { Description = "Checkpoints; several are an ensemble whose probabilities are averaged. Of several networks, those that bring no weights of their own take them in order", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> crops = new("--crops") { Description = "Views of each image whose probabilities are averaged; several are tested one after the other", HelpName = "1|10|144", AllowMultipleArgumentsPerToken = true };
    private readonly Option<bool> dense = new("--dense") { Description = "The network moved over the whole image and its mirror image, as VGG was tested; beside crops where those are named" };
    private readonly Option<string> labels = Words.Text("--labels", "FILE", "Names of the network's classes, one a line, where the weights do not tell them");
    private readonly Option<int> batch = Words.Number("--batch", 16, 1, 65536, "Views per run");
    private readonly DataWords data = new();
    private readonly PreprocessOptions preprocessing = new();

    public EvaluateCommand()
        : base("evaluate", "Measures top-1, top-5, loss and confusion on labelled images",
            "evaluate --data photos --model googlenet-torchvision --weights runs/1/best.safetensors",
            "evaluate --data photos --model googlenet-torchvision --weights runs/1/best.safetensors runs/2/best.safetensors --crops 1 10 144 --json",
            "evaluate --data list.txt --model network.onnx squeezenet1_0 --weights squeezenet.caffemodel --crops 10",
            "evaluate --data photos --model vgg16 --weights vgg16.pth --crops 1 10 --dense")
    {
        foreach (Option option in (Option[])[.. data.ForEvaluation, model, weights, crops, dense, labels, batch, .. preprocessing.All])
            Options.Add(option);
        crops.CompletionSources.Add("1", "10", "144");
        crops.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(t => t.Value is not ("1" or "10" or "144")) is { } wrong)
                result.AddError($"--crops {wrong.Value}: must be 1, 10 or 144");
        });
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
        string[] models = parsed.GetValue(model) is { Length: > 0 } named ? named : ["googlenet"], files = parsed.GetValue(weights) ?? [];
        using Ensemble ensemble = Ensemble.Load(models, files);
        IReadOnlyList<string> known = parsed.GetValue(labels) is { } path ? Labels.Read(path) : ensemble.ClassNames;
        Shape scores = ensemble.Members[0].Network().Outputs[0].Shape;
        Dataset dataset = data.Open(parsed, new DatasetOptions { EvaluationOnly = true, ClassNames = known.Count > 0 ? known : null }, context, (int)(scores.Count / scores.N));
        using var session = new DeviceSession(context);
        var rows = new List<EvaluationRowDocument>();
        EvaluationResult? last = null;
        foreach (int views in Crops(parsed))
            rows.Add(Timed(views, ensemble, context, done => last = OnCrops(views, parsed, context, session, ensemble, dataset, done), dataset.Evaluation!.Count, () => last!));
        if (parsed.GetValue(dense))
            rows.Add(Timed(0, ensemble, context, done => last = OnWholeImages(parsed, context, session, ensemble, dataset, done), dataset.Evaluation!.Count * ensemble.Members.Count, () => last!));
        session.Finish();
        EvaluationReport.Print(context.Terminal, EvaluationReport.Describe(ensemble, session, context.Settings.PrecisionWord, dataset, files, last!, rows));
        return Task.FromResult(0);
    }

    /// <summary>The crops in the order in which they were named; none where only whole images are tested.</summary>
    private IEnumerable<int> Crops(ParseResult parsed)
    {
        string[] named = parsed.GetValue(crops) ?? [];
        if (named.Length == 0) return parsed.GetValue(dense) ? [] : [1];
        return named.Distinct().Select(n => int.Parse(n, CultureInfo.InvariantCulture));
    }

    private static EvaluationRowDocument Timed(int views, Ensemble ensemble, CommandContext context, Action<Action<int>> run, int images, Func<EvaluationResult> result)
    {
        using ProgressLine progress = context.Terminal.Progress(views == 0 ? "evaluating whole images" : $"evaluating with {Counts.Of(views, "crop")}");
        long start = Stopwatch.GetTimestamp();
        run(done => progress.Step(done, images));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        EvaluationResult found = result();
        int models = ensemble.Members.Count;
        return new EvaluationRowDocument(models, views, models * Math.Max(1, views), found.Running.TotalMilliseconds / found.Images, found.Images / seconds, found.Top1, found.Top5, found.Loss);
    }

    private EvaluationResult OnCrops(int views, ParseResult parsed, CommandContext context, DeviceSession session, Ensemble ensemble, Dataset dataset, Action<int> done)
    {
        (int height, int width) = data.Size(parsed);
        int size = (int)Math.Min(parsed.GetValue(batch), (long)views * dataset.Evaluation!.Count);
        var members = new List<(CompiledModel Model, ImageInput Input)>();
        try
        {
            foreach (Model member in ensemble.Members)
            {
                CompiledModel compiled = member.Compile(session.Device, new CompileOptions { Batch = size, Height = height, Width = width, Kernels = session.Kernels, Precision = context.Settings.Precision }, context.Cancellation);
                members.Add((compiled, preprocessing.Apply(parsed, member.ImageInput, compiled.InputShape.W, compiled.InputShape.H)));
            }

            return new CropEvaluation(members, dataset, data.Workers(parsed), data.Unreadable(parsed)).Run(views, done, context.Cancellation);
        }
        finally
        {
            foreach ((CompiledModel compiled, _) in members) compiled.Dispose();
        }
    }

    private EvaluationResult OnWholeImages(ParseResult parsed, CommandContext context, DeviceSession session, Ensemble ensemble, Dataset dataset, Action<int> done)
    {
        (int height, int width) = data.Size(parsed);
        var members = new List<(Model Model, ImageInput Input)>();
        foreach (Model member in ensemble.Members)
        {
            Shape own = member.Network().Inputs[0].Shape;
            members.Add((member, preprocessing.Apply(parsed, member.ImageInput, width > 0 ? width : own.W, height > 0 ? height : own.H)));
        }

        return new DenseEvaluation(session, members, dataset, data.Unreadable(parsed), context.Settings.Precision).Run(done, context.Cancellation);
    }
}

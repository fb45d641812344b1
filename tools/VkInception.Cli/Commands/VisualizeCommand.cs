using System.CommandLine;
using System.Globalization;
using VkInception.Cli.Documents;
using VkInception.Graph;
using VkInception.Imaging;
using VkInception.Training;
using VkInception.Visualization;

namespace VkInception.Cli.Commands;

/// <summary><c>visualize [IMAGE]</c>: what the network sees, as PNG files.</summary>
internal sealed class VisualizeCommand : CliCommand
{
    private readonly Argument<string?> image = new("IMAGE") { Description = "A JPEG, PNG, BMP or GIF file; without it only the filters are drawn", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> model = Words.Text("--model", "MODEL", "The network (default: the one that comes with the program; with --weights googlenet)");
    private readonly Option<string> weights = Words.Weights();
    private readonly Option<string> labels = Words.Text("--labels", "FILE", "Names of the classes, one a line");
    private readonly Option<bool> filters = new("--filters") { Description = "Only draw the filters of the first layer (unless other pictures are named too)" };
    private readonly Option<string[]> nodes = new("--node") { Description = "Draw the activations of a node, a tile a channel; may be repeated", HelpName = "NODE" };
    private readonly Option<string> method = Words.Among(Words.Text("--method", "cam|grad-cam", "Draw the class activation map by the classifier's weights or by gradients (default: cam where the network ends in a global average pool and a linear layer)"), "cam", "grad-cam");
    private readonly Option<string> at = Words.Text("--at", "NODE", "The feature maps that the class activation map is made of (default: the last before the classifier)");
    private readonly Option<int?> classIndex = new("--class") { Description = "The class of the class activation map (default: the most likely one)", HelpName = "N" };
    private readonly Option<string> output = Words.RequiredText("--output", "DIR|FILE.png", "The folder that receives the pictures; or a file, where one picture is asked for", "-o");
    private readonly PreprocessOptions preprocessing = new();

    public VisualizeCommand()
        : base("visualize", "Draws what a network sees: filters, activations, class activation maps over the photo",
            "visualize cat.jpg --model network.onnx -o pictures",
            "visualize cat.jpg --model network.onnx --method grad-cam --class 281 -o cat-map.png",
            "visualize cat.jpg --model network.onnx --node conv1 -o conv1.png",
            "visualize --model googlenet --weights bvlc_googlenet.caffemodel -o filters.png")
    {
        Arguments.Add(image);
        foreach (Option option in (Option[])[model, weights, labels, filters, nodes, method, at, classIndex, output, .. preprocessing.All])
            Options.Add(option);
        Validators.Add(result =>
        {
            if (result.GetValue(image) is not null) return;
            Option? stray = ((Option[])[nodes, method, at, classIndex]).FirstOrDefault(option => result.GetResult(option) is { Implicit: false });
            if (stray is not null) result.AddError($"{stray.Name} needs an IMAGE");
        });
    }

    public override bool PlansKernels => true;

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        string? path = parsed.GetValue(image), network = parsed.GetValue(model), checkpoint = parsed.GetValue(weights);
        OutputFile.RefuseSource(parsed.GetRequiredValue(output), path, checkpoint, network, parsed.GetValue(labels));
        using ProgressLine progress = context.Terminal.Progress("reading the network");
        using var session = new DeviceSession(context);
        IReadOnlyList<string>? names = parsed.GetValue(labels) is { } file ? Labels.Read(file) : null;
        using Model loaded = network is null && checkpoint is null ? ShippedCheckpoint.Load() : LoadedModel.WithWeights(network ?? "googlenet", checkpoint);
        Network shape = loaded.Network();
        long classes = shape.Outputs[0].Shape.Count;
        names ??= loaded.ClassNames.Count > 0 ? loaded.ClassNames : null;
        if (names is not null && names.Count != classes)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{parsed.GetValue(labels)}: holds {Counts.Of(names.Count, "label")}, the network tells {classes} classes apart");
        Shape x = shape.Inputs[0].Shape;
        if (x is not { Rank: 4, C: 3 })
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{loaded.Name}: takes {x}, which is no colour photo; visualize needs N×3×H×W");
        var drawing = new Visualization(session, loaded, preprocessing.Apply(parsed, loaded.ImageInput, x.W, x.H));
        VisualizeDocument done = Draw(parsed, context, session, drawing, loaded.Name, names, progress);
        session.Finish();
        progress.Dispose();
        Report(context, done);
        return Task.FromResult(0);
    }

    private VisualizeDocument Draw(ParseResult parsed, CommandContext context, DeviceSession session, Visualization drawing, string name, IReadOnlyList<string>? names, ProgressLine progress)
    {
        string? path = parsed.GetValue(image);
        bool wantsFilters = parsed.GetValue(filters), wantsMap = parsed.GetValue(method) is not null || parsed.GetValue(at) is not null || parsed.GetValue(classIndex) is not null;
        string[] wantedNodes = parsed.GetValue(nodes) ?? [];
        // Nothing named: everything that there is.
        if (!wantsFilters && !wantsMap && wantedNodes.Length == 0) (wantsFilters, wantsMap) = (true, path is not null);
        var target = new PictureTarget(parsed.GetRequiredValue(output), (wantsFilters ? 1 : 0) + (wantsMap ? 1 : 0) + wantedNodes.Length);
        Photo? photo = path is null ? null : Photo.Load(path);
        var pictures = new List<PictureDocument>();
        ClassMapDocument? map = null;
        if (wantsFilters)
        {
            (string node, Picture picture) = drawing.Filters();
            pictures.Add(target.Write("filters", node, "filters", picture));
        }

        progress.Stage("running");
        foreach (string node in wantedNodes)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            pictures.Add(target.Write("activations", node, node, drawing.Activations(photo!, node)));
        }

        if (wantsMap)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            (ClassActivationMap found, Picture picture) = drawing.ClassMap(photo!, new ClassActivationOptions { Class = parsed.GetValue(classIndex), Method = Method(parsed), Node = parsed.GetValue(at) });
            map = Visualization.Describe(found, names);
            pictures.Add(target.Write(map.Method, map.Node, $"{Path.GetFileNameWithoutExtension(path)}-{map.Method}", picture));
            if (!found.Values.Any(v => v > 0))
                context.Terminal.Warn($"{path}: nothing in {map.Node} speaks for class {map.Class}; the map is empty");
        }

        return new VisualizeDocument(name, session.Device.Info.Name, path, pictures, map);
    }

    private ActivationMethod Method(ParseResult parsed) => parsed.GetValue(method) switch
    {
        "cam" => ActivationMethod.Cam,
        "grad-cam" => ActivationMethod.GradCam,
        _ => ActivationMethod.Automatic,
    };

    private static void Report(CommandContext context, VisualizeDocument done)
    {
        if (context.Terminal.Json)
        {
            context.Terminal.Document(done, JsonDocuments.Plain.VisualizeDocument);
            return;
        }

        foreach (PictureDocument picture in done.Pictures)
            context.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{picture.File}: {picture.Kind} of {picture.Node}, {picture.Width}×{picture.Height}"));
        if (done.Map is { } map)
            context.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"class {map.Class}{(map.Label is null ? "" : $" ({map.Label})")}, {map.Probability:P2}"));
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using VkInception.Imaging.Augmentation;
using VkInception.Imaging.Datasets;

namespace VkInception.Cli.Training;

/// <summary>The words that say what data there is and how it is read.</summary>
internal sealed class DataWords
{
    private readonly Option<string> data = Words.Text("--data", "DIR|LIST", "Folders of classes (train/CLASS, test/CLASS or only CLASS), CIFAR-10's binary files, IDX files (.gz too), or a list file of 'path label'");
    private readonly Option<string> evaluationList = Words.Text("--val-list", "LIST", "The list file of the evaluation images, where --data is one");
    private readonly Option<float?> heldOut = Words.Real("--hold-out", 0, 0.9, "Share of the images held out for evaluation where the data has no such part (default: 0.1)");
    private readonly Option<string> unreadable = Words.Among(Words.Text("--unreadable", "fail|skip", "What to do with images that cannot be read (default: fail)"), "fail", "skip");
    private readonly Option<string> augmentation = Words.Among(Words.Text("--augment", "NAME", "How training images are varied: googlenet, alexnet, vgg, resnet, cifar or none (default: googlenet, for images under 65 pixels cifar)"), "googlenet", "alexnet", "vgg", "resnet", "cifar", "none");
    private readonly Option<int> workers = Words.Number("--workers", 0, 0, 1024, "Threads that read images; 0 takes one per core");
    private readonly Option<string> size = Words.Text("--size", "N|HxW", "Input size in pixels (default: the network's own, or what the weights were trained at)");

    public DataWords() => size.Validators.Add(RefuseNoSize);

    /// <summary>All words.</summary>
    public IEnumerable<Option> ForTraining => [data, evaluationList, heldOut, unreadable, augmentation, workers, size];

    /// <summary>Those that say nothing where raw tensors are given instead.</summary>
    public IEnumerable<Option> OnlyOfDataSets => [evaluationList, heldOut, unreadable, augmentation, workers];

    /// <summary>Those that evaluation has.</summary>
    public IEnumerable<Option> ForEvaluation => [data, unreadable, workers, size];

    public string? Path(ParseResult parsed) => parsed.GetValue(data);

    public int Workers(ParseResult parsed) => parsed.GetValue(workers);

    public UnreadablePolicy Unreadable(ParseResult parsed) => parsed.GetValue(unreadable) == "skip" ? UnreadablePolicy.Skip : UnreadablePolicy.Fail;

    /// <summary>Opens the data set and reads every image once.</summary>
    /// <exception cref="VkInceptionException">What opening raises; the first image that cannot be read, unless they are skipped.</exception>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">What the command knows of the data.</param>
    /// <param name="context">Who is told.</param>
    /// <param name="outputs">Classes that a network tells apart; a list of numbers need not hold the greatest.</param>
    public Dataset Open(ParseResult parsed, DatasetOptions options, CommandContext context, int outputs = 0)
    {
        options = options with { HeldOut = parsed.GetValue(heldOut) ?? (options.EvaluationOnly ? 0 : 0.1f), EvaluationList = parsed.GetValue(evaluationList) };
        Dataset dataset = Dataset.Open(Path(parsed)!, options);
        if (options.ClassNames is null && dataset.ClassNames.Count < outputs && dataset.ClassNames.Select((name, i) => name == Number(i)).All(isNumber => isNumber))
            dataset = Dataset.Open(Path(parsed)!, options with { ClassNames = [.. Enumerable.Range(0, outputs).Select(Number)] });
        foreach (string notice in dataset.Notices)
            context.Terminal.Remark(notice);
        using ProgressLine progress = context.Terminal.Progress("reading every image once");
        DatasetReport report = dataset.Validate(Workers(parsed), progress.Step, context.Cancellation);
        progress.Dispose();
        foreach (UnreadableImage image in report.Unreadable)
            context.Terminal.Warn(image.Error.Message);
        return report.Result(Unreadable(parsed));
    }

    /// <summary>Height and width; zeros where the model's own hold.</summary>
    public (int Height, int Width) Size(ParseResult parsed) => parsed.GetValue(size) is { } text && TrySize(text, out int height, out int width) ? (height, width) : (0, 0);

    public (string Name, AugmentationOptions Options) Augmentation(ParseResult parsed, ImageInput input, string? recipe = null)
    {
        string name = parsed.GetValue(augmentation) ?? recipe ?? (Math.Max(input.Width, input.Height) <= 64 ? "cifar" : "googlenet");
        return (name, name switch
        {
            "googlenet" => AugmentationOptions.GoogLeNet,
            "alexnet" => AugmentationOptions.AlexNet,
            "vgg" => AugmentationOptions.Vgg,
            "resnet" => AugmentationOptions.ResNet,
            "cifar" => AugmentationOptions.Cifar,
            _ => AugmentationOptions.None,
        });
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void RefuseNoSize(OptionResult result)
    {
        if (result.Tokens.Count == 1 && !TrySize(result.Tokens[0].Value, out _, out _))
            result.AddError($"--size {result.Tokens[0].Value}: a side, or height and width as 224x224, from 1 to 4096 pixels");
    }

    private static bool TrySize(string text, out int height, out int width)
    {
        string[] sides = text.Split('x');
        (height, width) = (0, 0);
        return sides.Length is 1 or 2 && TrySide(sides[0], out height) && TrySide(sides[^1], out width);
    }

    private static bool TrySide(string text, out int side) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 1 and <= 4096;
}

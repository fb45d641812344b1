using System.CommandLine;
using VkInception.Cli.Documents;
using VkInception.Cli.Training;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Training;
using VkInception.Imaging;
using VkInception.Imaging.Augmentation;
using VkInception.Imaging.Datasets;
using VkInception.Training;

namespace VkInception.Cli.Commands;

/// <summary><c>train</c>: on a data set, or so many steps on one batch of raw tensors.</summary>
internal sealed class TrainCommand : CliCommand
{
    private readonly Option<string> model = Words.Text("--model", "MODEL", "The network (default: googlenet)");
    private readonly Option<string> weights = Words.Weights();
    private readonly Option<string> output = Words.Text("--out", "DIR", "Receives checkpoints, log, TensorBoard's events and the report");
    private readonly Option<int> epochs = Words.Number("--epochs", 10, 1, 1_000_000, "Passes over the training images");
    private readonly Option<int> batch = Words.Number("--batch", 32, 1, 65536, "Images per step");
    private readonly Option<bool> resume = new("--resume") { Description = "Go on from the newest sound checkpoint in --out" };
    private readonly Option<int> checkpointSteps = Words.Number("--checkpoint-steps", 0, 0, int.MaxValue, "Steps between checkpoints within an epoch; 0 saves at epochs only");
    private readonly Option<int> keep = Words.Number("--keep", 3, 1, 1000, "Checkpoints kept, the best and the last weights apart");
    private readonly Option<string> input = Words.Text("--input", "X.npy", "One batch instead of --data: float32 N×C×H×W, preprocessed");
    private readonly Option<string> labels = Words.Text("--labels", "L.npy", "Its labels: int64 N");
    private readonly Option<int> steps = Words.Number("--steps", 0, 0, int.MaxValue, "Optimizer steps on that batch");
    private readonly DataWords data = new();
    private readonly TrainingWords training = new();

    public TrainCommand()
        : base("train", "Trains a network, or fine-tunes one with --weights",
            "train --data photos --model googlenet-torchvision --out runs/1 --size 64 --batch 64 --lr 0.05 --schedule cosine",
            "train --data photos --model network.onnx --out runs/2 --freeze 'conv1*' --lr 0.001",
            "train --data photos --model googlenet --recipe googlenet-2014 --out runs/3 --epochs 30",
            "train --data photos --model googlenet-torchvision --out runs/1 --resume",
            "train --model googlenet --weights w.npz --input x.npy --labels l.npy --steps 8 --no-dropout --json")
    {
        foreach (Option option in (Option[])[.. data.ForTraining, model, output, weights, epochs, batch, .. training.All, resume, checkpointSteps, keep, input, labels, steps])
            Options.Add(option);
        Validators.Add(result =>
        {
            bool onData = result.GetResult(data.ForTraining.First()) is not null, onBatch = result.GetResult(input) is not null;
            if (onData == onBatch)
                result.AddError("train takes either --data DIR or --input X.npy with --labels L.npy and --steps N");
            else if (onBatch && (result.GetResult(labels) is null || result.GetResult(steps) is not { Implicit: false }))
                result.AddError("--input goes with --labels L.npy and --steps N");
            else if (onData && result.GetResult(output) is null)
                result.AddError("--data goes with --out DIR, which receives checkpoints and logs");
            else if ((onBatch ? OnlyWithData : OnlyWithBatch).FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } stray)
                result.AddError($"{stray.Name} has no meaning with {(onBatch ? "--input: it goes with --data" : "--data: it goes with --input")}");
        });
    }

    private IEnumerable<Option> OnlyWithData => [.. data.OnlyOfDataSets, epochs, resume, checkpointSteps, keep];

    private IEnumerable<Option> OnlyWithBatch => [labels, steps];

    /// <inheritdoc/>
    public override bool FinishesWhenCancelled => true;

    public override bool TakesMixed(ParseResult parsed) => true;

    public override bool PlansKernels => true;

    public override bool TakesDouble(ParseResult parsed) => parsed.GetResult(input) is not null;

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
        => Task.FromResult(data.Path(parsed) is null ? OnOneBatch(parsed, context) : OnData(parsed, context));

    private int OnOneBatch(ParseResult parsed, CommandContext context)
    {
        LabeledBatch images = LabeledBatch.Read(parsed.GetValue(input)!, parsed.GetValue(labels)!);
        using Model loaded = Model.Load(parsed.GetValue(model) ?? "googlenet", parsed.GetValue(weights));
        Network network = loaded.Network(new ModelOptions(images.Shape.N, images.Shape.H, images.Shape.W));
        TrainingOptions options = training.Step(parsed, network) with { Batch = images.Shape.N, Height = images.Shape.H, Width = images.Shape.W };
        using ProgressLine progress = context.Terminal.Progress("preparing the device");
        using var session = new DeviceSession(context);
        Precision precision = LabeledBatch.PrecisionOn(session.Device, context.Settings);
        options = options with { Precision = precision, Kernels = LabeledBatch.Kernels(session.Device, precision, context.Settings) };
        using CompiledTraining compiled = loaded.CompileTraining(session.Device, options, training.Weights(parsed, loaded, network, context.Terminal), context.Cancellation);
        if (!compiled.InputShape.Equals(images.Shape))
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{parsed.GetValue(input)}: is {images.Shape}, {loaded.Name} takes {compiled.InputShape}");
        var stepper = new BatchStepper(compiled, options.Optimizer!, training.LearningRate(parsed), training.Schedule(parsed), parsed.GetValue(steps), training.Seed(parsed), training.ClipNorm(parsed), training.Average(parsed));
        progress.Stage("training");
        (IReadOnlyList<double> losses, int correct) = stepper.Run(images, progress, context.Cancellation);
        session.Finish();
        progress.Dispose();
        LabeledBatch.TellPrecision(session.Device, context);
        var document = new LossesDocument(loaded.Name, session.Device.Info.Name, Words.Of(precision), losses, correct, images.Shape.N);
        if (context.Terminal.Json)
            context.Terminal.Document(document, JsonDocuments.Plain.LossesDocument);
        else
            foreach (double loss in losses)
                context.Terminal.Line(FormattableString.Invariant($"{loss:g9}"));
        return 0;
    }

    private int OnData(ParseResult parsed, CommandContext context)
    {
        ulong seed = training.Seed(parsed);
        Dataset dataset = data.Open(parsed, new DatasetOptions { Seed = seed }, context);
        using Model loaded = Model.Load(parsed.GetValue(model) ?? "googlenet", parsed.GetValue(weights));
        (int height, int width) = data.Size(parsed);
        var shape = new ModelOptions(Batch(parsed), height, width, dataset.ClassNames.Count);
        Network network = loaded.Network(shape);
        TellOfHeads(loaded, network, context.Terminal);
        ImageInput image = loaded.ImageInput.ScaledTo(network.Inputs[0].Shape.W, network.Inputs[0].Shape.H);
        (string augmentation, AugmentationOptions variation) = data.Augmentation(parsed, image, training.Recipe(parsed)?.Augmentation);
        var source = new DatasetTraining(dataset, image, variation, seed, data.Workers(parsed), data.Unreadable(parsed));
        foreach (string warning in training.Solver(parsed)?.Warnings ?? [])
            context.Terminal.Remark(warning);
        if (training.Recipe(parsed) is { } recipe)
            foreach (string line in RecipeText.Lines(recipe, training, parsed, loaded, shape.Batch, Epochs(parsed, source.TrainingImages / shape.Batch), augmentation))
                context.Terminal.Remark(line);
        using var session = new DeviceSession(context);
        var options = new TrainerOptions
        {
            Step = training.Step(parsed, network) with { Batch = shape.Batch, Height = image.Height, Width = image.Width, Classes = shape.Classes, Precision = context.Settings.Precision, Kernels = session.Kernels },
            Input = image,
            Epochs = Epochs(parsed, source.TrainingImages / shape.Batch),
            LearningRate = training.LearningRate(parsed),
            Schedule = training.Schedule(parsed),
            ClipNorm = training.ClipNorm(parsed),
            AverageDecay = training.Average(parsed),
            Seed = seed,
            CheckpointSteps = parsed.GetValue(checkpointSteps),
            KeepCheckpoints = parsed.GetValue(keep),
            Resume = parsed.GetValue(resume),
            Settings = new Dictionary<string, string>(training.Settings(parsed)) { ["augmentation"] = augmentation },
        };
        using var display = new TrainingDisplay(context.Terminal);
        StartingWeights start = training.Weights(parsed, loaded, network, context.Terminal);
        using var trainer = new Trainer(session.Device, loaded, start, source, options, Headline(parsed, loaded, source, session, seed), parsed.GetValue(output)!, display);
        TrainingOutcome outcome = trainer.Run(context.Cancellation);
        display.Dispose();
        session.Finish();
        if (!outcome.IsSaved)
            throw new VkInceptionException(ErrorCode.InputOutput, $"{parsed.GetValue(output)}: {Counts.Of(outcome.Steps, "step")} done, but the end could not be saved; {(outcome.Checkpoint is { } good ? $"the last good checkpoint is {good}" : "there is no checkpoint")}; make room and go on with --resume");
        Report(context, loaded, session, outcome, parsed.GetValue(output)!);
        return 0;
    }

    private int Batch(ParseResult parsed)
        => parsed.GetResult(batch) is not { Implicit: false } && training.Recipe(parsed) is { } recipe ? recipe.Batch : parsed.GetValue(batch);

    /// <summary>Epochs as given, or as many as a recipe has or a solver's iterations take.</summary>
    private int Epochs(ParseResult parsed, int stepsPerEpoch)
    {
        bool given = parsed.GetResult(epochs) is { Implicit: false };
        if (!given && training.Recipe(parsed) is { } recipe) return recipe.Epochs;
        int? iterations = given ? null : training.Solver(parsed)?.MaxIterations;
        return iterations is { } steps ? Math.Max(1, (steps + stepsPerEpoch - 1) / Math.Max(1, stepsPerEpoch)) : parsed.GetValue(epochs);
    }

    private static void TellOfHeads(Model loaded, Network network, Terminal terminal)
    {
        int own = loaded.Card is null ? network.Outputs.Length : loaded.Card.Build(new ModelOptions()).Outputs.Length;
        if (network.Outputs.Length < own)
            terminal.Remark($"{loaded.Name}: images of {network.Inputs[0].Shape.H}×{network.Inputs[0].Shape.W} are too small for the auxiliary heads; they are left out");
    }

    private static RunRecord Headline(ParseResult parsed, Model loaded, DatasetTraining source, DeviceSession session, ulong seed) => new(
        loaded.Name, source.Name, source.Classes, source.TrainingImages, source.EvaluationImages, session.Device.Info.Name,
        $"{session.Device.Info.DriverName} {session.Device.Info.DriverVersion}", $"vkinception {string.Join(' ', parsed.Tokens.Select(t => t.Value))}", seed);

    private static void Report(CommandContext context, Model loaded, DeviceSession session, TrainingOutcome outcome, string folder)
    {
        var document = new TrainDocument(
            loaded.Name, session.Device.Info.Name, folder, outcome.Steps, outcome.Epochs, outcome.Finished, outcome.Last?.Top1, outcome.Last?.Top5, outcome.Last?.Loss, outcome.BestTop1);
        if (context.Terminal.Json)
            context.Terminal.Document(document, JsonDocuments.Plain.TrainDocument);
        else if (outcome.Finished)
            context.Terminal.Line(FormattableString.Invariant($"{folder}: {Counts.Of(outcome.Epochs, "epoch")}, {Counts.Of(outcome.Steps, "step")}{(outcome.BestTop1 is { } best ? $", best accuracy {best:P2} in {CheckpointStore.BestName}" : "")}; see report.html"));
        else
            context.Terminal.Line(FormattableString.Invariant($"{folder}: interrupted after {Counts.Of(outcome.Steps, "step")}, state saved; go on with --resume"));
    }
}

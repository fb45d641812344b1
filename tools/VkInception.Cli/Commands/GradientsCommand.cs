using System.CommandLine;
using VkInception.Cli.Documents;
using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Training;
using VkInception.Weights;

namespace VkInception.Cli.Commands;

/// <summary><c>gradients MODEL --weights W --input x.npy --labels l.npy -o g.safetensors</c>: loss and gradients of one batch.</summary>
internal sealed class GradientsCommand : CliCommand
{
    private readonly Argument<string> model = Words.Model();
    private readonly Option<string> weights = Words.Weights();
    private readonly Option<string> input = Words.RequiredText("--input", "X.npy", "float32 N×C×H×W, already preprocessed; N is the batch");
    private readonly Option<string> labels = Words.RequiredText("--labels", "L.npy", "int64 N: the class of each image");
    private readonly Option<string> output = Words.RequiredText("--output", "G.safetensors", "Receives a tensor per parameter under its key, and 'loss'", "-o");

    public GradientsCommand()
        : base("gradients", "Computes the loss and every parameter's gradient for one batch in training mode, dropout off",
            "gradients googlenet --weights bvlc_googlenet.caffemodel --input x.npy --labels l.npy -o g.safetensors")
    {
        foreach (Symbol symbol in (Symbol[])[model, weights, input, labels, output])
        {
            if (symbol is Argument argument) Arguments.Add(argument);
            else Options.Add((Option)symbol);
        }
    }

    public override bool TakesMixed(ParseResult parsed) => true;

    public override bool TakesDouble(ParseResult parsed) => true;

    public override bool PlansKernels => true;

    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        string inputPath = parsed.GetRequiredValue(input), labelsPath = parsed.GetRequiredValue(labels), outputPath = parsed.GetRequiredValue(output);
        string? weightsPath = parsed.GetValue(weights);
        OutputFile.RefuseSource(outputPath, inputPath, labelsPath, weightsPath, parsed.GetRequiredValue(model));
        using ProgressLine progress = context.Terminal.Progress("reading the network");
        using Model loaded = LoadedModel.WithWeights(parsed.GetRequiredValue(model), weightsPath);
        LabeledBatch batch = LabeledBatch.Read(inputPath, labelsPath);
        progress.Stage("preparing the device");
        using var session = new DeviceSession(context);
        Precision precision = LabeledBatch.PrecisionOn(session.Device, context.Settings);
        using CompiledTraining compiled = loaded.CompileTraining(
            session.Device,
            new TrainingOptions
            {
                Batch = batch.Shape.N,
                Height = batch.Shape.H,
                Width = batch.Shape.W,
                Dropout = false,
                Precision = precision,
                Kernels = LabeledBatch.Kernels(session.Device, precision, context.Settings),
            },
            cancel: context.Cancellation);
        if (!compiled.InputShape.Equals(batch.Shape))
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{inputPath}: is {batch.Shape}, {loaded.Name} takes {compiled.InputShape}");
        progress.Stage("running");
        (StepResult result, IReadOnlyDictionary<Parameter, float[]> gradients) = Compute(compiled, batch);
        session.Finish();
        SafetensorsWriter.Write(outputPath, Tensors(result, gradients));
        progress.Dispose();
        LabeledBatch.TellPrecision(session.Device, context);
        if (!double.IsFinite(result.Loss))
            LoadedModel.WarnOfDamagedResult(context.Terminal);
        Report(context, new GradientsDocument(
            loaded.Name, session.Device.Info.Name, Words.Of(precision), outputPath, result.Loss, result.Losses, result.Correct, batch.Shape.N, gradients.Count));
        return Task.FromResult(0);
    }

    /// <summary>One step; in mixed precision with the largest loss scale under which every gradient is finite, divided out again.</summary>
    private static (StepResult Result, IReadOnlyDictionary<Parameter, float[]> Gradients) Compute(CompiledTraining compiled, LabeledBatch batch)
    {
        LossScaler scaler = compiled.Plan.IsMixed ? LossScaler.Initial : new LossScaler(LossScaler.Smallest, 0);
        while (true)
        {
            StepResult result = compiled.Run(batch.Images, batch.Labels, new StepValues { LossScale = scaler.Scale });
            IReadOnlyDictionary<Parameter, float[]> gradients = compiled.ReadGradients();
            if (scaler.IsExhausted || !double.IsFinite(result.Loss) || gradients.Values.All(g => g.All(float.IsFinite)))
            {
                foreach (float[] gradient in gradients.Values)
                    Divide(gradient, scaler.Scale);
                return (result, gradients);
            }

            scaler = scaler.Next(wasFinite: false);
        }
    }

    private static void Divide(float[] values, float divisor)
    {
        foreach (ref float value in values.AsSpan())
            value /= divisor;
    }

    private static IEnumerable<NamedTensor> Tensors(StepResult result, IReadOnlyDictionary<Parameter, float[]> gradients) =>
        [NamedTensor.FromFloat32("loss", [], new[] { (float)result.Loss }), .. gradients.Select(g => NamedTensor.FromFloat32(g.Key.Name, g.Key.Shape.Dims, g.Value))];

    private static void Report(CommandContext context, GradientsDocument done)
    {
        if (context.Terminal.Json)
            context.Terminal.Document(done, JsonDocuments.Plain.GradientsDocument);
        else if (!context.Settings.Quiet)
            context.Terminal.Line(FormattableString.Invariant($"{done.Output}: gradients of {Counts.Of(done.Parameters, "parameter")}, loss {done.Loss:g6}, on {done.Device} in {done.Precision}"));
    }
}

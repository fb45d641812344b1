using System.CommandLine;
using System.Globalization;
using System.Text;
using VkInception.Cli.Documents;
using VkInception.Cli.Tables;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Ops;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Optimizers;
using VkInception.Training;

namespace VkInception.Cli.Commands;

/// <summary><c>compare MODEL…</c>: networks side by side, as a table, as CSV and as a chart.</summary>
internal sealed class CompareCommand : CliCommand
{
    /// <summary>Images that training steps are planned for: what the second takes more than the first is what images take, workspace of the weights' gradients not counted.</summary>
    private const int SmallBatch = 2, LargeBatch = 10;

    private readonly Argument<string[]> models = new("MODEL") { Description = "Networks' names, .onnx files or Caffe .prototxt files; all of 'models' where none is named", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<int> size = Words.Size();
    private readonly Option<bool> measure = new("--measure") { Description = "Time one image through each, with made-up weights where none are at hand" };
    private readonly Option<string> csv = Words.Text("--csv", "FILE", "Also write the figures as comma-separated values");
    private readonly Option<string> chart = Words.Text("--chart", "FILE.svg", "Also draw them");

    public CompareCommand()
        : base("compare", "Puts networks side by side: parameters, multiply-adds, memory per image, published accuracy, measured time (auxiliary heads not counted)",
            "compare alexnet vgg16 googlenet resnet50", "compare googlenet googlenet-naive --measure", "compare --csv networks.csv --chart networks.svg")
    {
        Arguments.Add(models);
        foreach (Option option in (Option[])[size, measure, csv, chart])
            Options.Add(option);
    }

    public override bool PlansKernels => true;

    public override async Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        string[] names = parsed.GetValue(models) is { Length: > 0 } given ? given : [.. ModelZoo.All.Select(c => c.Name)];
        string? csvPath = parsed.GetValue(csv), chartPath = parsed.GetValue(chart);
        foreach (string? path in (string?[])[csvPath, chartPath])
        {
            if (path is not null)
                OutputFile.RefuseSource(path, names);
        }

        using ProgressLine progress = context.Terminal.Progress("planning");
        using var session = new DeviceSession(context);
        var compared = new List<CompareDocument>();
        foreach (string name in names)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            progress.Stage(parsed.GetValue(measure) ? $"measuring {name}" : $"planning {name}");
            using Model model = Model.Load(name);
            double? milliseconds = parsed.GetValue(measure) ? await MeasureAsync(model, session, parsed.GetValue(size), context.Cancellation) : null;
            compared.Add(Describe(model, session, parsed.GetValue(size), milliseconds));
        }

        session.Finish();
        progress.Dispose();
        if (csvPath is not null)
            AtomicFile.Write(csvPath, Encoding.UTF8.GetBytes(Csv(compared)));
        if (chartPath is not null)
            AtomicFile.Write(chartPath, Encoding.UTF8.GetBytes(CompareChart.Draw(compared)));
        if (context.Terminal.Json)
            context.Terminal.Document([.. compared], JsonDocuments.Plain.CompareDocumentArray);
        else
            Print(compared, context.Terminal);
        return 0;
    }

    private static CompareDocument Describe(Model model, DeviceSession session, int size, double? milliseconds)
    {
        Network whole = model.Network(new ModelOptions(1, size, size));
        Network network = whole.WithOutputs(whole.Outputs[0]);
        long activations = ActivationBytes(network);
        long arena = model.Plan(session.Device.Info, new CompileOptions { Height = size, Width = size, Kernels = session.Kernels }).ArenaBytes;
        long training = (TrainingArena(LargeBatch) - TrainingArena(SmallBatch)) / (LargeBatch - SmallBatch);
        return new(
            model.Name, model.Card?.Year, network.Inputs[0].Shape.Dims[1..], network.ParameterCount, network.MultiplyAdds, activations, 2 * activations, arena, training,
            model.Card?.Top1, model.Card?.Top5, model.Card?.Published, milliseconds);

        long TrainingArena(int batch) => model.PlanTraining(session.Device.Info, new TrainingOptions
        {
            Batch = batch,
            Height = size,
            Width = size,
            AuxiliaryWeight = 0,
            Optimizer = new Sgd(),
            Kernels = session.Kernels,
        }).Execution.ArenaBytes;
    }

    /// <summary>The input and every layer's output, each once, none freed: what is usually counted. Clamps, norms and dropout work in place, a concatenation is its parts.</summary>
    private static long ActivationBytes(Network network) =>
        sizeof(float) * (network.Inputs[0].Shape.Count + network.Nodes.Where(n => n.Op is not (ReLU or ReLU6 or Clip or BatchNorm2d or ViewOp or Concat)).Sum(n => n.Output.Shape.Count));

    private static async Task<double> MeasureAsync(Model named, DeviceSession session, int size, CancellationToken cancellation)
    {
        using Model runnable = named.HasWeights ? named.WithWeights(named.Weights ?? new SeededWeights()) : named.WithWeights(new SeededWeights());
        using BenchedWork work = BenchedWork.Inference(runnable, session, 1, size, Precision.Single);
        double[] times = await Stopwatches.MeasureAsync(work, leastRuns: 5, TimeSpan.FromSeconds(1), cancellation);
        return Stopwatches.Median(times);
    }

    private static void Print(List<CompareDocument> compared, Terminal terminal)
    {
        bool measured = compared.Exists(c => c.MedianMs is not null);
        string[] headings = ["network", "year", "input", ">parameters", ">multiply-adds", ">activations", ">with gradients", ">planned", ">planned, training", "published"];
        var table = new TextTable(measured ? [.. headings[..^1], ">ms", headings[^1]] : headings);
        foreach (CompareDocument c in compared)
        {
            string[] cells =
            [
                c.Model, c.Year?.ToString(CultureInfo.InvariantCulture) ?? "", string.Join('×', c.InputShape), Counts.Metric(c.Parameters), Counts.Metric(c.MultiplyAdds),
                Counts.Bytes(c.ActivationBytes), Counts.Bytes(c.TrainingActivationBytes), Counts.Bytes(c.ArenaBytes), Counts.Bytes(c.TrainingArenaBytes),
            ];
            string published = c.Published ?? "";
            table.Add(measured ? [.. cells, c.MedianMs?.ToString("F2", CultureInfo.InvariantCulture) ?? "", published] : [.. cells, published]);
        }

        terminal.Table(table);
        terminal.Line("Memory is per image, in single precision. activations: the input and every layer's output, as it is usually counted (norms, clamps and dropout in place); with gradients: twice that. planned: what is really taken, blocks shared by lifetime; parameters are not in it.");
        if (compared is [CompareDocument first, CompareDocument second])
            terminal.Line($"{first.Model} has {Times(second.Parameters, first.Parameters)} parameters and takes {Times(second.MultiplyAdds, first.MultiplyAdds)} multiply-adds than {second.Model}.");
    }

    private static string Times(double other, double own) => other >= own
        ? string.Create(CultureInfo.InvariantCulture, $"{other / own:0.#} times fewer")
        : string.Create(CultureInfo.InvariantCulture, $"{own / other:0.#} times more");

    private static string Csv(List<CompareDocument> compared)
    {
        var text = new StringBuilder("model,year,input,parameters,multiplyAdds,activationBytes,trainingActivationBytes,arenaBytes,trainingArenaBytes,top1,top5,medianMs\n");
        foreach (CompareDocument c in compared)
        {
            text.Append(Quoted(c.Model)).Append(CultureInfo.InvariantCulture, $",{c.Year},{string.Join('x', c.InputShape)},{c.Parameters},{c.MultiplyAdds},{c.ActivationBytes},{c.TrainingActivationBytes}")
                .Append(CultureInfo.InvariantCulture, $",{c.ArenaBytes},{c.TrainingArenaBytes},{c.Top1},{c.Top5},{c.MedianMs:0.###}\n");
        }

        return text.ToString();
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}

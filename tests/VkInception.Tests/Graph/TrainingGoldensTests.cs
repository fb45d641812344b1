using System.Text.Json;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Reference;

namespace VkInception.Tests.Graph;

/// <summary>The references of training steps, which hold the kernels, against what PyTorch gives (TrainingGoldens.json, made by make_training_goldens.py).</summary>
public sealed class TrainingGoldensTests
{
    private static readonly TrainingChance Chance = new(1, 2, 3);

    public sealed record Golden(string Op, int[] Input, double[] Args, bool Coarse, int[]? Labels, double[] Values, double[][] Gradients, double[][] After)
    {
        public override string ToString() => $"{Op} of {string.Join('×', Input)} ({string.Join(' ', Args)})";
    }

    public static IEnumerable<Golden> Cases { get; } = Load();

    [TestCaseSource(nameof(Cases))]
    public void Reference_GivesWhatPyTorchGives(Golden golden)
    {
        Op op = OpOf(golden);
        Values x = Made(Shape.Create(golden.Input), salt: 0);
        if (golden.Coarse) x = new Values(x.Shape, [.. x.Data.Select(v => Math.Round(v * 2, MidpointRounding.ToEven) / 2)]);
        Values[] inputs = golden.Labels is null ? [x] : [x, new Values([golden.Labels.Length], [.. golden.Labels.Select(l => (double)l)])];
        Values[] parameters = [.. op.Infer([.. inputs.Select(i => i.Shape)]).Parameters.Select(Parameter)];
        Values y = References.Train(op, inputs, parameters, Chance);
        ExpectEqual(golden.Values, y.Data[..golden.Values.Length], "output");

        Values dy = golden.Labels is null ? Made(y.Shape, 4) : new Values(y.Shape, [1, 0, 0]);
        Gradients? own = References.Backward(op, inputs, parameters, dy);
        Values[] leaves = [x, .. parameters], gradients = own is null ? [] : [own.Inputs[0], .. own.Parameters];
        for (int i = 0; i < golden.Gradients.Length; i++)
        {
            double[] found = own is not null ? gradients[i].Data : Differences(leaves[i]);
            ExpectEqual(golden.Gradients[i], found, $"gradient {i}");
        }
        Values[] after = References.Updated(op, inputs, parameters);
        for (int i = 0; i < golden.After.Length; i++) ExpectEqual(golden.After[i], after[i + 2].Data, $"running statistics {i}");

        double[] Differences(Values of)
            => [.. CentralDifferences.Of(() => References.Train(op, inputs, parameters, Chance).Data.Zip(dy.Data, (a, b) => a * b).Sum(), of.Data, Enumerable.Range(0, of.Data.Length)).Select(d => d.Derivative)];
    }

    private static void ExpectEqual(double[] expected, double[] found, string what)
        => Assert.That(found, Is.EqualTo(expected).Within(1e-7), what);

    private static Values Parameter(ParameterSpec p) => p.Suffix switch
    {
        "weight" => Made(p.Shape, 1),
        "bias" => Made(p.Shape, 2),
        "running_mean" => Made(p.Shape, 3),
        "class_weights" => new Values(p.Shape, [.. Made(p.Shape, 1).Data.Select(v => v + 1.5)]),
        _ => new Values(p.Shape, [.. Made(p.Shape, 3).Data.Select(v => v + 1.5)]),
    };

    private static Values Made(Shape shape, int salt)
        => new(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(i => (i * 37L + salt) % 101 / 50.0 - 1)]);

    private static Op OpOf(Golden golden)
    {
        double[] a = golden.Args;
        int[] i = [.. a.Select(v => (int)v)];
        return golden.Op switch
        {
            "MaxPool2d" => new MaxPool2d(Window.Square(i[0], i[1], i[2], i[3]), i[4] == 1),
            "AvgPool2d" => new AvgPool2d(Window.Square(i[0], i[1], i[2]), i[3] == 1, i[4] == 1),
            "AdaptiveAvgPool2d" => new AdaptiveAvgPool2d(i[0], i[1]),
            "LocalResponseNorm" => new LocalResponseNorm(i[0], (float)a[1], (float)a[2], (float)a[3]),
            "ReLU" => new ReLU(),
            "Clip" => new Clip((float)a[0], (float)a[1]),
            "Softmax" => new Softmax(i[0]),
            "BatchNorm2d" => new BatchNorm2d((float)a[0]) { Momentum = (float)a[1] },
            "SoftmaxCrossEntropy" => new SoftmaxCrossEntropy(Smoothing: (float)a[0], ClassWeights: i[1] == 1),
            _ => throw new ArgumentException(golden.Op),
        };
    }

    private static Golden[] Load()
    {
        using Stream stream = typeof(TrainingGoldensTests).Assembly.GetManifestResourceStream("TrainingGoldens.json")!;
        return JsonSerializer.Deserialize<Golden[]>(stream, JsonSerializerOptions.Web)!;
    }
}

using System.Text.Json;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Reference;

namespace VkInception.Tests.Graph;

/// <summary>The references and the shape rules against what PyTorch gives (OpGoldens.json, made by make_op_goldens.py).</summary>
public sealed class OpGoldensTests
{
    public sealed record Golden(string Op, int[] Input, double[] Args, int[] Shape, double[] Values)
    {
        public override string ToString() => $"{Op} of {string.Join('×', Input)} ({string.Join(' ', Args)})";
    }

    private sealed record Goldens(Golden[] Cases, int[][] PoolExtents);

    private static readonly Goldens All = Load();

    public static IEnumerable<Golden> Cases => All.Cases;

    [TestCaseSource(nameof(Cases))]
    public void Reference_GivesWhatPyTorchGives(Golden golden)
    {
        Op op = OpOf(golden);
        Values x = Made(Shape.Create(golden.Input), salt: 0);
        OpSpec spec = op.Infer([x.Shape]);
        Assert.That(spec.Outputs[0].Dims, Is.EqualTo(golden.Shape));
        Values y = References.Evaluate(op, [x], [.. spec.Parameters.Select(Parameter)]);
        for (int i = 0; i < golden.Values.Length; i++)
            Assert.That(y.Data[i], Is.EqualTo(golden.Values[i]).Within(1e-7 * Math.Max(1, Math.Abs(golden.Values[i]))), $"element {i}");
    }

    [Test]
    public void PoolExtents_AreThoseOfPyTorch()
    {
        foreach (int[] e in All.PoolExtents)
        {
            var pool = new MaxPool2d(Window.Square(e[1], e[2], e[3], e[4]), CeilMode: e[5] == 1);
            int extent;
            try
            {
                extent = pool.Infer([[1, 1, e[0], e[0]]]).Outputs[0].H;
            }
            catch (VkInceptionException)
            {
                extent = 0;
            }
            Assert.That(extent, Is.EqualTo(e[6]), $"input {e[0]}, {pool}");
        }
    }

    private static Values Parameter(ParameterSpec p) => p.Suffix switch
    {
        "weight" => Made(p.Shape, 1),
        "bias" => Made(p.Shape, 2),
        "running_mean" => Made(p.Shape, 3),
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
            "Conv2d" => new Conv2d(i[0], new Window(i[1], i[2], i[3], i[4], i[5], i[6], i[5], i[6], i[7], i[8]), i[9]),
            "Linear" => new Linear(i[0]),
            "MaxPool2d" => new MaxPool2d(Window.Square(i[0], i[1], i[2], i[3]), i[4] == 1),
            "AvgPool2d" => new AvgPool2d(Window.Square(i[0], i[1], i[2]), i[3] == 1, i[4] == 1),
            "AdaptiveAvgPool2d" => new AdaptiveAvgPool2d(i[0], i[1]),
            "LocalResponseNorm" => new LocalResponseNorm(i[0], (float)a[1], (float)a[2], (float)a[3]),
            "BatchNorm2d" => new BatchNorm2d((float)a[0]),
            "Softmax" => new Softmax(i[0]),
            "Transpose" => new Transpose([.. i]),
            "Pad" => new Pad([.. i[..4]], [.. i[4..]], 0.5f),
            _ => throw new ArgumentException(golden.Op),
        };
    }

    private static Goldens Load()
    {
        using Stream stream = typeof(OpGoldensTests).Assembly.GetManifestResourceStream("OpGoldens.json")!;
        return JsonSerializer.Deserialize<Goldens>(stream, JsonSerializerOptions.Web)!;
    }
}

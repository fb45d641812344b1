using VkInception.DeviceTests.Ops;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Kernels;
using VkInception.Reference;

namespace VkInception.DeviceTests.Convolution;

/// <summary>The input gradient of several pointwise convolutions at once, by every kernel, against plain sums in double precision.</summary>
internal sealed class ConvolutionShareTests(DeviceUnderTest target) : DeviceFixture(target)
{
    /// <summary>Kernels for each case: every one is a pipeline to compile.</summary>
    private const int MostKernels = 4;

    private static readonly OutputRange[] Ranges = [OutputRange.All, OutputRange.ReLU, new(-0.5f, 0.5f), new(float.NegativeInfinity, 0.25f)];

    [TestCase(ElementType.Float32, 1e-5)]
    [TestCase(ElementType.Float16, 4e-3)]
    [TestCase(ElementType.Float64, 1e-13)]
    public void Shares_are_added_and_masked(ElementType type, double tolerance)
    {
        if (type == ElementType.Float16 && !Device.Info.Storage16Bit) Assert.Ignore("the device has no 16-bit storage");
        if (type == ElementType.Float64 && !Device.Info.Float64) Assert.Ignore("the device has no doubles");
        RandomShapes.ForAny(20, random =>
        {
            int shares = random.Next(1, 6), even = random.Next(4) == 0 ? 1 : 2;
            Shape x = [random.Next(1, 4), even * random.Next(1, 50), random.Next(1, 9), random.Next(1, 9)];
            Verify(random, type, tolerance, x, [.. Enumerable.Range(0, shares).Select(_ => even * random.Next(1, 30))]);
        });
    }

    [Test]
    public void Shares_of_an_inception_module_are_added_and_masked()
    {
        List<string> tried = Verify(new Random(1), ElementType.Float32, 1e-5, [2, 208, 7, 9], [128, 112, 24], leastInputs: 3);
        if (Device.Info is { SubgroupShuffle: true, Int64: true }) Assert.That(tried.Count(k => k.StartsWith("data-pointwise2", StringComparison.Ordinal)), Is.EqualTo(4));
    }

    /// <summary>The kernels that could.</summary>
    private List<string> Verify(Random random, ElementType type, double tolerance, Shape shape, int[] outputs, int leastInputs = 1)
    {
        OutputRange range = Ranges[random.Next(Ranges.Length)];
        bool accumulate = random.Next(2) == 0;
        Conv2d[] ops = [.. outputs.Select(o => new Conv2d(o, Graph.Window.Square(1), Bias: false))];
        Values x = Filled(random, shape, type), before = Filled(random, shape, type);
        Values[] dy = [.. ops.Select(op => Filled(random, op.Infer([shape]).Outputs[0], type))], w = [.. ops.Select(op => Filled(random, op.Infer([shape]).Parameters[0].Shape, type))];
        double[] expected = accumulate ? [.. before.Data] : new double[shape.Count];
        for (int i = 0; i < ops.Length; i++)
        {
            double[] share = References.Backward(ops[i], [x], [w[i]], dy[i])!.Inputs[0].Data;
            for (int e = 0; e < expected.Length; e++) expected[e] += share[e];
        }
        for (int e = 0; e < expected.Length; e++)
            if ((float.IsFinite(range.Low) && x.Data[e] <= range.Low) || (float.IsFinite(range.High) && x.Data[e] >= range.High)) expected[e] = 0;

        var kernels = new ConvolutionKernels(DeviceTraits.Of(Device.Info));
        List<string> tried = [];
        string[] names = [.. kernels.Set.Forward.Where(k => k.MostInputs >= leastInputs).Select(DataGradient.NameOf)];
        random.Shuffle(names);
        foreach (string kernel in names.Take(MostKernels))
        {
            // Most kernels want even strides and offsets, which chance does not often give to all tensors.
            OpMemory run;
            ConvolutionBackwardData work;
            Parameter[] filters;
            KernelChoice? choice;
            int places = 0;
            do
            {
                run = new OpMemory(Device, random);
                work = Work(run, out filters);
                choice = kernels.Candidates(work).FirstOrDefault(c => c.Name == kernel);
            }
            while (choice is null && ++places < 40);
            if (choice is null) continue;
            tried.Add(kernel);
            run.Poison(choice.Launches);
            run.Write(work.X, x.Data);
            foreach ((ConvolutionShare share, int i) in work.Shares.Select((s, i) => (s, i)))
            {
                run.Write(share.Dy, dy[i].Data);
                run.Write(share.W, filters[i], w[i].Data);
            }
            if (accumulate) run.Write(work.Dx.View, before.Data);
            string what = $"{kernel}, {shape} from {string.Join(", ", outputs)}{(accumulate ? ", added" : "")}, masked {range}: ";
            var node = new NetworkBuilder("test");
            run.Run(node.Add("node", new ReLU(), [node.Input("x", shape)], null), choice.Launches, [work.Dx.View], [work.X, .. work.Shares.SelectMany(s => new[] { s.Dy, s.W })], what);
            double[] found = run.Read(work.Dx.View);
            double scale = Math.Max(4, expected.Max(Math.Abs));
            for (int e = 0; e < found.Length; e++)
                if (!(Math.Abs(found[e] - expected[e]) <= tolerance * scale)) Assert.Fail($"{what}element {e} is {found[e]:g17}, {expected[e]:g17} is expected");
        }
        return tried;

        ConvolutionBackwardData Work(OpMemory run, out Parameter[] filters)
        {
            Parameter[] made = [.. ops.Select((op, i) => new Parameter($"w{i}", op.Infer([shape]).Parameters[0].Shape, ParameterLayout.Filter))];
            ConvolutionShare[] shares = [.. ops.Select((op, i) => new ConvolutionShare(run.Place(op.Infer([shape]).Outputs[0], type), run.Place(made[i], own: false, type)))];
            filters = made;
            return new ConvolutionBackwardData(shares[0].Dy, shares[0].W, new Gradient(run.Place(shape, type), accumulate) { Clamped = range }, run.Place(shape, type), Graph.Window.Square(1), 1) { Others = [.. shares[1..]] };
        }
    }

    private static Values Filled(Random random, Shape shape, ElementType type)
        => new(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (random.NextDouble() * 2) - 1).Select(v => type == ElementType.Float16 ? (double)(Half)v : (float)v)]);
}

using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Planning;
using VkInception.Graph.Rewrites;
using VkInception.Kernels;
using VkInception.Reference;

namespace VkInception.DeviceTests.Networks;

/// <summary>A small network of GoogLeNet's parts, every convolution kernel forced in turn, against the reference in double precision.</summary>
internal sealed class ForcedKernelTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const ulong Seed = 41;
    private static readonly Shape Input = [2, 3, 29, 31];
    private static readonly Lazy<float[]> Expected = new(Reference);

    private DeviceTraits Traits => DeviceTraits.Of(Device.Info);

    private static IEnumerable<string> Names() => new ConvolutionKernels(new DeviceTraits { SubgroupSize = 8, MaxWorkgroupInvocations = 128 }).Names
        .Where(name => !name.StartsWith("filter-", StringComparison.Ordinal));

    [TestCaseSource(nameof(Names))]
    public void The_network_is_the_reference_with_every_kernel_forced(string name)
    {
        Network network = Rewrite.ForInference(Build());
        using CompiledModel compiled = CompiledModel.Create(Device, network, new SeededWeights(Seed), new ConvolutionKernels(Traits, name));
        string[] kernels = [.. compiled.Plan.Steps.Where(s => s.Reason.Length > 0).Select(s => s.Kernel).Distinct()];
        Assert.That(kernels.Where(k => k != name), Has.All.StartsWith("plain-"), "what does not apply gives way to the plain kernel");
        float[] y = compiled.Run(new SeededWeights(Seed).Uniform("input", (int)Input.Count));
        float scale = Expected.Value.Max(Math.Abs);
        for (int i = 0; i < y.Length; i++)
            Assert.That(y[i], Is.EqualTo(Expected.Value[i]).Within(1e-5 * scale), $"{name}: logit {i}");
    }

    [Test]
    public void Most_kernels_apply_somewhere_in_it()
    {
        Network network = Rewrite.ForInference(Build());
        string[] taken = [.. Names().Where(name => Planner.Plan(network, new ConvolutionKernels(Traits, name)).Steps.Any(s => s.Kernel == name))];
        bool broadcasts = Device.Info.SubgroupShuffle && Device.Info.Int64;
        // Matrix units multiply halves: their tests are elsewhere.
        string[] absent = broadcasts ? ["coopmat"] : ["coopmat", "broadcast", "pointwise", "rows", "split", "winograd"];
        Assert.That(taken, Is.SupersetOf(Names().Where(name => !absent.Any(family => name.StartsWith(family, StringComparison.Ordinal)))));
    }

    private static float[] Reference()
    {
        Network network = Build();
        var weights = new SeededWeights(Seed);
        Dictionary<string, Values> parameters = network.Parameters.ToDictionary(p => p.Name, p => Values.Of(p.Shape, weights.Read(p).Span));
        var inputs = new Dictionary<string, Values> { [network.Inputs[0].Name] = Values.Of(Input, weights.Uniform("input", (int)Input.Count)) };
        return [.. References.Evaluate(network, inputs, parameters)[network.Outputs[0].Name].Data.Select(v => (float)v)];
    }

    private static Network Build()
    {
        var net = new NetworkBuilder("small");
        Tensor x = net.Add("pool1", new MaxPool2d(Window.Square(3, 2), CeilMode: true), Conv(net, "stem", net.Input("in", Input), 16, Window.Square(7, 2, 3)));
        x = Conv(net, "conv2", net.Add("norm1", new LocalResponseNorm(), x), 24, Window.Square(3, 1, 1));
        for (int block = 3; block <= 4; block++) x = Inception(net, $"{block}a", x);
        x = net.Add("flat", new Flatten(), net.Add("pool5", new GlobalAvgPool2d(), x));
        return net.Build(net.Add("fc", new Linear(10), x));
    }

    private static Tensor Inception(NetworkBuilder net, string name, Tensor x) => net.Add($"{name}", new Concat(),
        Conv(net, $"{name}_1x1", x, 16, Window.Square(1)),
        Conv(net, $"{name}_3x3", Conv(net, $"{name}_3x3r", x, 12, Window.Square(1)), 24, Window.Square(3, 1, 1)),
        Conv(net, $"{name}_5x5", Conv(net, $"{name}_5x5r", x, 5, Window.Square(1)), 8, Window.Square(5, 1, 2)),
        // Without bias and clamp: what kernels for gradients take as well.
        net.Add($"{name}_proj", new Conv2d(8, Window.Square(1), Bias: false), net.Add($"{name}_pool", new MaxPool2d(Window.Square(3, 1, 1)), x)));

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int outputs, Window window)
        => net.Add($"{name}_relu", new ReLU(), net.Add(name, new Conv2d(outputs, window), x));
}

using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Training;
using VkInception.Kernels;
using VkInception.Reference;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Training;

/// <summary>A network of a few layers with one of everything that GoogLeNet's two forms have, and an auxiliary head; small enough for plain loops in double precision.</summary>
internal sealed class SmallNetwork
{
    public const int Batch = 3;
    public const int Classes = 5;
    private const ulong Seed = 20;

    public SmallNetwork(bool dropout = true) => Training = TrainingNetwork.Create(Build(), new LossOptions { Dropout = dropout, Smoothing = 0.1f });

    public TrainingNetwork Training { get; }

    public static SeededWeights Weights { get; } = new(Seed);

    public static float[] Images { get; } = Weights.Uniform("images", Batch * 3 * 12 * 12);

    public static int[] Labels { get; } = [1, 4, 0];

    /// <summary>Compiles a step, with multipliers of 1.</summary>
    public CompiledTraining Compile(GpuDevice device, Optimizer? optimizer = null, bool average = false, bool checkpointed = false, IWeightSource? weights = null)
    {
        TrainingPlan plan = TrainingPlanner.Plan(Training, new ConvolutionKernels(DeviceTraits.Of(device.Info)), new TrainingPlanOptions
        {
            Optimizer = optimizer,
            Average = average,
            CheckpointActivations = checkpointed,
        });
        return new CompiledTraining(device, plan, weights ?? Weights, plan.Update is null ? [] : [.. Enumerable.Repeat(1f, (int)plan.Update.Multipliers.Elements)]);
    }

    /// <summary>The weighted sum of all losses in double precision.</summary>
    public double Loss(IReadOnlyDictionary<Parameter, Values> parameters, StepValues step)
    {
        Network network = Training.Network;
        var values = new Dictionary<Tensor, Values>
        {
            [Training.Images] = Values.Of(Training.Images.Shape, Images),
            [Training.Labels] = new(Training.Labels.Shape, [.. Labels.Select(l => (double)l)]),
        };
        for (int i = 0; i < network.Nodes.Length; i++)
        {
            Node node = network.Nodes[i];
            var chance = new TrainingChance(((ulong)step.SeedHigh << 32) | step.SeedLow, step.Number, (uint)i);
            values[node.Output] = References.Train(node.Op, [.. node.Inputs.Select(t => values[t])], [.. node.Parameters.Select(p => parameters[p])], chance);
        }
        return Training.Heads.Sum(head => (double)head.Weight * values[head.Loss].Data[0]);
    }

    public Dictionary<Parameter, Values> ReferenceParameters() => Training.Network.Parameters.ToDictionary(p => p, p => Values.Of(p.Shape, Weights.Read(p).Span));

    private static Network Build()
    {
        var net = new NetworkBuilder("small");
        Tensor x = Conv(net, "conv1", net.Input("in", [Batch, 3, 12, 12]), 8, 3);
        x = net.Add("norm1", new LocalResponseNorm(Alpha: 0.5f), x);
        x = net.Add("pool1", new MaxPool2d(Window.Square(3, stride: 2), CeilMode: true), x);
        Tensor b1 = Conv(net, "b1", x, 4, 1), b3 = Conv(net, "b3", Conv(net, "b3_reduce", x, 5, 1), 6, 3);
        Tensor b4 = Conv(net, "b4", net.Add("b4_pool", new MaxPool2d(Window.Square(3, stride: 1, padding: 1)), x), 3, 1);
        Tensor joined = net.Add("joined", new Concat(), b1, b3, b4);
        Tensor aux = net.Add("aux_pool", new AvgPool2d(Window.Square(3, stride: 3)), joined);
        aux = net.Add("aux_fc", new Linear(Classes), net.Add("aux_flat", new Flatten(), Conv(net, "aux_conv", aux, 4, 1)));
        x = net.Add("conv2", new Conv2d(8, Window.Square(3, stride: 2, padding: 1), Bias: false), joined);
        x = net.Add("relu2", new ReLU(), net.Add("bn2", new BatchNorm2d(), x));
        x = Conv(net, "conv3", x, 6, 1);
        x = net.Add("pool3", new GlobalAvgPool2d(), Conv(net, "conv4", x, 8, 3));
        x = net.Add("drop", new Dropout(0.3f), net.Add("flat", new Flatten(), x));
        return net.Build(net.Add("fc", new Linear(Classes), x), aux);
    }

    private static Tensor Conv(NetworkBuilder net, string name, Tensor x, int channels, int side)
        => net.Add($"{name}_relu", new ReLU(), net.Add(name, new Conv2d(channels, Window.Square(side, padding: side / 2)), x));
}

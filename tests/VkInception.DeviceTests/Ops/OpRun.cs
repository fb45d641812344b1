using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Reference;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Ops;

/// <summary>Runs one operation on a device and holds it to its reference, see <see cref="OpMemory"/>.</summary>
internal sealed partial class OpRun(GpuDevice device, Random random)
{
    /// <summary>Chooses the kernels of convolutions and linear layers.</summary>
    public IKernelChooser? Kernels { get; init; }

    /// <summary>Makes the elements of an input ("x0", "x1" …), parameter ("node.weight") or gradient ("dy", "before"); by default uniform in [−1, 1], variances in [0.5, 1.5].</summary>
    public Func<Random, string, double> Element { get; init; } = Uniform;

    /// <summary>Which input holds 32-bit integers (a loss's labels); −1 for none.</summary>
    public int IntegerInput { get; init; } = -1;

    /// <summary>What inputs, outputs, their gradients and the parameters that mixed precision halves are; double is everything.</summary>
    public ElementType Type { get; init; }

    /// <summary>Runs the forward pass on random elements; every output element must lie within <paramref name="tolerance"/> of the reference, relative to the larger of it and <paramref name="scale"/>.</summary>
    public void Verify(Op op, double tolerance, double scale, params Shape[] shapes)
    {
        var run = new OpMemory(device, random);
        Node node = NodeOf(op, shapes);
        (Values[] inputs, Values[] parameters) = Draw(node);
        var views = new OpTensors(node, [.. node.Inputs.Select(t => run.Place(t.Shape, Type))], [run.Place(node.Output.Shape, Type)], [.. node.Parameters.Select((p, i) => run.Place(p, own: true, TypeOf(node, i)))]);
        List<ShaderDispatch> launches = Launches(op.Forward(views));
        run.Poison(launches);
        Fill(run, views, inputs, parameters);
        string what = Describe(op, shapes);
        run.Run(node, launches, [views.Output], [.. views.Inputs, .. views.Parameters], what);
        Compare([.. References.Evaluate(op, inputs, parameters).Data.Select(Held)], run.Read(views.Output), tolerance, scale, what);
    }

    /// <summary>Elements unless a test makes its own.</summary>
    public static double Uniform(Random random, string name) => name.EndsWith("var", StringComparison.Ordinal) ? 0.5 + random.NextDouble() : (2 * random.NextDouble()) - 1;

    private static Node NodeOf(Op op, Shape[] shapes)
    {
        var builder = new NetworkBuilder("test");
        return builder.Add("node", op, [.. shapes.Select((s, i) => builder.Input($"x{i}", s))], null);
    }

    private static string Describe(Op op, Shape[] shapes) => $"{op.Type} {op.Attributes} of {string.Join(", ", shapes.AsEnumerable())}: ";

    private (Values[] Inputs, Values[] Parameters) Draw(Node node)
        => ([.. node.Inputs.Select(t => Filled(t.Shape, t.Name, Type))], [.. node.Parameters.Select((p, i) => Filled(p.Shape, p.Name, TypeOf(node, i)))]);

    private ElementType TypeOf(Node node, int parameter) => node.Op.IsHalved(parameter) ? Type : SumType;

    /// <summary>What is never half is.</summary>
    private ElementType SumType => Type == ElementType.Float64 ? Type : ElementType.Float32;

    private void Fill(OpMemory run, OpTensors views, Values[] inputs, Values[] parameters)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (i == IntegerInput) run.WriteBytes(views.Inputs[i], MemoryMarshal.AsBytes<int>(Array.ConvertAll(inputs[i].Data, v => (int)v)));
            else run.Write(views.Inputs[i], inputs[i].Data);
        }
        for (int i = 0; i < parameters.Length; i++) run.Write(views.Parameters[i], views.Node.Parameters[i], parameters[i].Data);
        if (views.Step is { } step) run.WriteBytes(step, MemoryMarshal.AsBytes<float>(Training.LaunchRun.WordsOf(Step, SumType)));
    }

    private List<ShaderDispatch> Launches(IEnumerable<Dispatch> dispatches) => [.. dispatches.SelectMany(d => d switch
    {
        ShaderDispatch launch => [launch],
        ConvolutionDispatch work => Kernels!.Choose(work).Launches,
        ConvolutionBackwardData work => Kernels!.Choose(work).Launches,
        ConvolutionBackwardFilter work => Kernels!.Choose(work).Launches,
        _ => throw new ArgumentException(d.ToString()),
    })];

    private Values Filled(Shape shape, string name, ElementType type) => new(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => Rounded(Element(random, name), type))]);

    /// <summary>What lies beyond half's range is infinity there.</summary>
    private double Held(double value) => Type == ElementType.Float16 && !double.IsFinite((double)(Half)value) ? (double)(Half)value : value;

    private static double Rounded(double value, ElementType type) => type switch
    {
        ElementType.Float16 => (double)(Half)value,
        ElementType.Float32 => (float)value,
        _ => value,
    };

    private static void Compare(double[] expected, double[] found, double tolerance, double scale, string what)
    {
        for (int i = 0; i < found.Length; i++)
        {
            double e = expected[i];
            bool equal = double.IsFinite(e) ? Math.Abs(found[i] - e) <= tolerance * Math.Max(Math.Abs(e), scale) : found[i].Equals(e);
            if (!equal) Assert.Fail($"{what}element {i} (logical order) is {found[i]:g17}, {e:g17} is expected");
        }
    }
}

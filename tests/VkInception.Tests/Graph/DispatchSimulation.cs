using NUnit.Framework;
using VkInception.Graph;
using VkInception.Reference;

namespace VkInception.Tests.Graph;

/// <summary>Carries out copy_forward and binary_forward on the host as their shaders read, from a dispatch's constants alone.</summary>
internal sealed class DispatchSimulation(Random random)
{
    private readonly Dictionary<Storage, double[]> memory = [];

    /// <summary>A view of a block with gaps between the rows half of the time.</summary>
    public TensorView Place(Shape shape, bool parameter = false)
    {
        int row = TensorView.RowLengthOf(shape), gap = parameter || random.Next(2) == 0 ? 0 : random.Next(1, 3) * (random.Next(2) == 0 ? 4 : 1);
        int offset = parameter || random.Next(2) == 0 ? 0 : random.Next(1, 9);
        var storage = new Storage("block", offset + shape.Count / row * (row + gap), parameter ? new Parameter("p", shape) : null);
        return new TensorView(shape, storage, offset, row + gap);
    }

    /// <summary>Writes logical values where the layout says they lie.</summary>
    public void Write(TensorView view, Values values)
    {
        double[] block = Block(view.Storage);
        foreach (int[] index in values.Indices()) block[Address(view, index)] = values[index];
    }

    public Values Read(TensorView view)
    {
        var values = new Values(view.Shape);
        foreach (int[] index in values.Indices()) values[index] = Block(view.Storage)[Address(view, index)];
        return values;
    }

    /// <summary>How many elements of a block have been written.</summary>
    public int Written(TensorView view) => Block(view.Storage).Count(v => !double.IsNaN(v));

    public void Run(ShaderDispatch dispatch)
    {
        Dictionary<string, int> constant = dispatch.Push.Concat(dispatch.Specialization).ToDictionary(c => c.Name, c => unchecked((int)c.Bits));
        int lanes = constant["wide"] == 1 ? 4 : 1;
        TensorView yView = dispatch.Tensors.Single(t => t.Name == "y").View;
        double[] y = Block(yView.Storage);
        for (int i = 0; i < constant["count"]; i++)
            for (int lane = 0; lane < lanes; lane++)
            {
                int to = (int)yView.Offset + Offset(constant, "y", i) * lanes + lane;
                Assert.That(y[to], Is.NaN, "an element is written twice");
                y[to] = dispatch.Kernel == "copy_forward" ? Element("x") : Compute(constant["operation"], Element("a"), Element("b"));
                double Element(string symbol)
                {
                    TensorView view = dispatch.Tensors.Single(t => t.Name == symbol).View;
                    bool splat = constant.GetValueOrDefault($"splat_{symbol}") == 1;
                    int at = Offset(constant, symbol, i);
                    return Block(view.Storage)[(int)view.Offset + (splat ? at : at * lanes + lane)];
                }
            }
    }

    private static int Offset(Dictionary<string, int> constant, string symbol, int i)
    {
        int at = constant.GetValueOrDefault($"{symbol}Offset"), rank = constant["rank"];
        for (int axis = 0; axis < rank; axis++)
        {
            int extent = axis + 1 < rank ? constant[$"extent{axis}"] : int.MaxValue;
            at += i % extent * constant[$"{symbol}Stride{axis}"];
            i /= extent;
        }
        return at;
    }

    private static double Compute(int operation, double a, double b) => operation switch { 0 => a + b, 1 => a - b, 2 => a * b, _ => a / b };

    private double[] Block(Storage storage)
    {
        if (memory.TryGetValue(storage, out double[]? block)) return block;
        block = new double[storage.Elements];
        Array.Fill(block, double.NaN);
        return memory[storage] = block;
    }

    /// <summary>The rule of <see cref="TensorView"/>.</summary>
    private static int Address(TensorView view, int[] index)
    {
        Shape s = view.Shape;
        if (s.Rank == 4)
            return (int)view.Offset + ((index[0] * s.H + index[2]) * s.W + index[3]) * view.RowStride + index[1];
        int row = 0;
        for (int axis = 0; axis < s.Rank - 1; axis++) row = row * s[axis] + index[axis];
        return (int)view.Offset + row * view.RowStride + (s.Rank == 0 ? 0 : index[^1]);
    }
}

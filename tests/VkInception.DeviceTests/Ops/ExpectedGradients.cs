using VkInception.Graph;
using VkInception.Reference;

namespace VkInception.DeviceTests.Ops;

/// <summary>What the gradients of one operation must be: by the reference's own backward pass where it has one, else by differences of its forward pass.</summary>
internal sealed class ExpectedGradients(Op op, Values[] inputs, Values[] parameters, Values dy, TrainingChance chance, Random random, int sample)
{
    private readonly Gradients? own = References.Backward(op, inputs, parameters, dy);

    /// <summary>Elements of the first input's gradient that nothing passes: of the operation's share, or with <see cref="BlocksAll"/> of what was there before too. Null where all pass.</summary>
    public bool[]? Blocked { get; init; }

    /// <summary>Whether what was there before is blocked too.</summary>
    public bool BlocksAll { get; init; }

    /// <summary>Holds a gradient, which began at <paramref name="start"/>, to what is expected.</summary>
    public void Compare(bool ofParameter, int index, Values start, double[] found, double tolerance, double differenceTolerance, double scale, string what)
    {
        if (own is null) tolerance = differenceTolerance;
        (int Element, double Value)[] expected = ofParameter ? Of(own?.Parameters, parameters, index) : Of(own?.Inputs, inputs, index);
        double largest = expected.Length == 0 ? 0 : expected.Max(e => double.IsFinite(e.Value) ? Math.Abs(e.Value) : 0);
        foreach ((int i, double value) in expected)
        {
            bool blocked = !ofParameter && index == 0 && Blocked?[i] == true;
            double e = blocked ? (BlocksAll ? 0 : start.Data[i]) : start.Data[i] + value;
            bool equal = double.IsFinite(e) ? Math.Abs(found[i] - e) <= tolerance * Math.Max(largest, scale) : found[i].Equals(e);
            if (!equal) Assert.Fail($"{what}element {i} (logical order) is {found[i]:g17}, {e:g17} is expected");
        }
        // Where every element is compared, NaN may be right; a sample says nothing of the others but that they were written.
        if (expected.Length < found.Length) Assert.That(found, Has.None.NaN, $"{what}elements were not written");
    }

    private (int, double)[] Of(Values[]? gradients, Values[] values, int index)
        => gradients is not null ? [.. gradients[index].Data.Select((v, i) => (i, v))] : [.. CentralDifferences.Of(Loss, values[index].Data, Chosen(values[index].Data.Length))];

    /// <summary>The function whose gradient by the output is dy.</summary>
    private double Loss() => References.Train(op, inputs, parameters, chance).Data.Zip(dy.Data, (a, b) => a * b).Sum();

    private IEnumerable<int> Chosen(int count)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        random.Shuffle(all);
        return all.Take(sample);
    }
}

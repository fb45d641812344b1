using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Reference;

namespace VkInception.Tests.Graph;

/// <summary>The dispatches of copies and arithmetic, carried out by <see cref="DispatchSimulation"/>, give what the references give.</summary>
public sealed class OpDispatchTests
{
    [Test]
    public void Transpose_PutsEveryElementInItsPlace() => ForAny(random =>
    {
        Shape shape = RandomShape(random, random.Next(1, 7));
        int[] permutation = [.. Enumerable.Range(0, shape.Rank)];
        random.Shuffle(permutation);
        Verify(new Transpose([.. permutation]), random, shape);
    });

    [Test]
    public void Reshape_KeepsTheLogicalOrder() => ForAny(random =>
    {
        // Two shapes of one count, divided at random: with and without a common refinement.
        List<int> primes = [2, 2, 2, 3, 3];
        Shape Divided()
        {
            int[] extents = [.. Enumerable.Repeat(1, random.Next(1, 6))];
            foreach (int p in primes) extents[random.Next(extents.Length)] *= p;
            return Shape.Create(extents);
        }
        Verify(new Reshape(Divided()), random, Divided());
    });

    [Test]
    public void Concat_PutsInputsOneBehindTheOther() => ForAny(random =>
    {
        Shape shape = RandomShape(random, random.Next(1, 6));
        int axis = random.Next(shape.Rank);
        Shape[] inputs = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => shape.With(axis, random.Next(1, 9)))];
        Verify(new Concat(random.Next(2) == 0 ? axis : axis - shape.Rank), random, inputs);
    });

    [Test]
    public void Arithmetic_BroadcastsAsNumPyDoes() => ForAny(random =>
    {
        Shape y = RandomShape(random, random.Next(0, 6));
        Shape Shrunk()
        {
            int[] extents = [.. y.Skip(random.Next(y.Rank + 1)).Select(e => random.Next(3) == 0 ? 1 : e)];
            return Shape.Create(extents);
        }
        BinaryOp[] ops = [new Add(), new Sub(), new Mul(), new Div()];
        BinaryOp op = ops[random.Next(4)];
        Shape a = Shrunk(), b = Shrunk();
        if (random.Next(2) == 0) Verify(op, random, a, b);
        else Verify(op with { ConstantShape = b, ConstantFirst = random.Next(2) == 0 }, random, a);
    });

    [Test]
    public void Concat_CopiesNothingThatLiesInPlace()
    {
        Shape shape = [1, 8, 3, 3];
        var storage = new Storage("concat", 144);
        var output = TensorView.Dense([1, 16, 3, 3], storage);
        TensorView[] slices = [new(shape, storage, 0, 16), new(shape, storage, 8, 16)];
        Node node = NodeOf(new Concat(), shape, shape);
        Assert.That(node.Op.Forward(new OpTensors(node, [.. slices], [output], [])), Is.Empty);
        TensorView elsewhere = TensorView.Dense(shape, new Storage("branch", 72));
        var copies = node.Op.Forward(new OpTensors(node, [slices[0], elsewhere], [output], [])).ToList();
        Assert.That(copies.Single().Tensors.Single(t => t.Access == Access.Read).View, Is.SameAs(elsewhere));
    }

    [Test]
    public void View_CopiesNothingThatSharesMemory()
    {
        Node node = NodeOf(new Flatten(), [2, 8, 1, 1]);
        var storage = new Storage("x", 16);
        var t = new OpTensors(node, [TensorView.Dense([2, 8, 1, 1], storage)], [TensorView.Dense([2, 8], storage)], []);
        Assert.That(node.Op.Forward(t), Is.Empty);
    }

    [Test]
    public void DenseTensors_AreOneRowOfGroupsOfFour()
    {
        Node node = NodeOf(new Add(), [2, 6, 3, 2], [2, 6, 3, 2]);
        TensorView Dense() => TensorView.Dense([2, 6, 3, 2], new Storage("t", 72));
        var dispatch = (ShaderDispatch)node.Op.Forward(new OpTensors(node, [Dense(), Dense()], [Dense()], [])).Single();
        Assert.That(dispatch.Specialization, Does.Contain(Constant.Of("wide", true)).And.Contain(Constant.Of("rank", 1)));
        Assert.That(dispatch.Threads, Is.EqualTo(18));
    }

    private static void ForAny(Action<Random> property)
        => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => property(new Random(seed))).QuickCheckThrowOnFailure();

    private static Shape RandomShape(Random random, int rank)
    {
        int[] extents = [.. Enumerable.Range(0, rank).Select(_ => random.Next(3) == 0 ? 4 * random.Next(1, 3) : random.Next(1, 5))];
        return Shape.Create(extents);
    }

    private static Node NodeOf(Op op, params Shape[] inputs)
    {
        var builder = new NetworkBuilder("test");
        return builder.Add("node", op, [.. inputs.Select((s, i) => builder.Input($"x{i}", s))], null);
    }

    private static void Verify(Op op, Random random, params Shape[] shapes)
    {
        Node node = NodeOf(op, shapes);
        var simulation = new DispatchSimulation(random);
        Values Filled(Shape shape) => new(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (double)random.Next(1, 1000))]);
        Values[] inputs = [.. shapes.Select(Filled)], parameters = [.. node.Parameters.Select(p => Filled(p.Shape))];
        TensorView[] inputViews = [.. shapes.Select(s => simulation.Place(s))], parameterViews = [.. node.Parameters.Select(p => simulation.Place(p.Shape, parameter: true))];
        foreach ((TensorView view, Values values) in inputViews.Zip(inputs).Concat(parameterViews.Zip(parameters))) simulation.Write(view, values);
        TensorView output = simulation.Place(node.Output.Shape);
        foreach (Dispatch dispatch in op.Forward(new OpTensors(node, [.. inputViews], [output], [.. parameterViews]))) simulation.Run((ShaderDispatch)dispatch);
        Assert.That(simulation.Read(output).Data, Is.EqualTo(References.Evaluate(op, inputs, parameters).Data), $"{op} of {string.Join(", ", shapes.AsEnumerable())}");
        Assert.That(simulation.Written(output), Is.EqualTo(node.Output.Shape.Count), "elements between the rows were written");
    }
}

using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    public static Values TrainingForward(Dropout op, Values[] inputs, Values[] parameters, TrainingChance chance)
    {
        Values x = inputs[0], y = new(x.Shape);
        foreach (int[] i in x.Indices())
        {
            // Numbered as the elements lie in memory: channels last for images.
            long number = x.Shape.Rank == 4 ? ((i[0] * x.Shape.H + i[2]) * (long)x.Shape.W + i[3]) * x.Shape.C + i[1] : Number(x.Shape, i);
            var words = Philox.Block(chance.Seed, ((ulong)chance.Number << 32) | chance.Stream, (0xFFFFFFFFul << 32) | (ulong)(number / 4));
            uint word = (number % 4) switch { 0 => words.X, 1 => words.Y, 2 => words.Z, _ => words.W };
            y[i] = op.Rate == 0 || Philox.Uniform(word) >= op.Rate ? x[i] / (1 - (double)op.Rate) : 0;
        }
        return y;
    }

    private static long Number(Shape shape, int[] index)
    {
        long number = 0;
        for (int axis = 0; axis < index.Length; axis++) number = number * shape[axis] + index[axis];
        return number;
    }
}

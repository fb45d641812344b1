using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    public static Gradients TrainingBackward(MaxPool2d op, Values[] inputs, Values[] parameters, Values dy) => MaximumBackward(inputs[0], dy, op.Window);

    public static Gradients TrainingBackward(GlobalMaxPool2d op, Values[] inputs, Values[] parameters, Values dy)
        => MaximumBackward(inputs[0], dy, new Window(inputs[0].Shape.H, inputs[0].Shape.W));

    /// <summary>PyTorch's rule: in row-major order a pixel wins that is larger than all before it, or that is NaN; the first pixel wins where none is.</summary>
    private static Gradients MaximumBackward(Values x, Values dy, Window k)
    {
        var dx = new Values(x.Shape);
        foreach (int[] i in dy.Indices())
        {
            double best = double.NegativeInfinity;
            (int H, int W)? won = null;
            for (int r = 0; r < k.KernelH; r++)
                for (int s = 0; s < k.KernelW; s++)
                {
                    int h = i[2] * k.StrideH + r * k.DilationH - k.PadTop, w = i[3] * k.StrideW + s * k.DilationW - k.PadLeft;
                    if (h < 0 || h >= x.Shape.H || w < 0 || w >= x.Shape.W) continue;
                    double v = x[i[0], i[1], h, w];
                    if (won is not null && !(v > best) && !double.IsNaN(v)) continue;
                    best = v;
                    won = (h, w);
                }
            if (won is { } at) dx[i[0], i[1], at.H, at.W] += dy[i];
        }
        return new Gradients([dx], []);
    }
}

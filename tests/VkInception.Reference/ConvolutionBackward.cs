using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    public static Gradients TrainingBackward(Conv2d op, Values[] inputs, Values[] parameters, Values dy)
    {
        Values x = inputs[0], w = parameters[0], dz = BeforeClamp(Forward(op, inputs, parameters), dy, op.Range);
        Values dx = new(x.Shape), dw = new(w.Shape), db = new([op.OutChannels]);
        Window k = op.Window;
        int inPerGroup = x.Shape.C / op.Groups, outPerGroup = op.OutChannels / op.Groups;
        foreach (int[] at in dz.Indices())
        {
            (int n, int o, int p, int q) = (at[0], at[1], at[2], at[3]);
            db.Data[o] += dz[n, o, p, q];
            for (int i = 0; i < inPerGroup; i++)
                for (int r = 0; r < k.KernelH; r++)
                    for (int s = 0; s < k.KernelW; s++)
                    {
                        int h = p * k.StrideH + r * k.DilationH - k.PadTop, v = q * k.StrideW + s * k.DilationW - k.PadLeft;
                        if (h < 0 || h >= x.Shape.H || v < 0 || v >= x.Shape.W) continue;
                        int c = o / outPerGroup * inPerGroup + i;
                        dx[n, c, h, v] += dz[n, o, p, q] * w[o, i, r, s];
                        dw[o, i, r, s] += dz[n, o, p, q] * x[n, c, h, v];
                    }
        }
        return new Gradients([dx], op.Bias ? [dw, db] : [dw]);
    }

    public static Gradients TrainingBackward(Linear op, Values[] inputs, Values[] parameters, Values dy)
    {
        Values x = inputs[0], w = parameters[0], dz = BeforeClamp(Forward(op, inputs, parameters), dy, op.Range);
        Values dx = new(x.Shape), dw = new(w.Shape), db = new([op.OutFeatures]);
        foreach (int[] at in dz.Indices())
        {
            (int n, int o) = (at[0], at[1]);
            db.Data[o] += dz[at];
            for (int i = 0; i < x.Shape[1]; i++)
            {
                dx[[n, i]] += dz[at] * w[[o, i]];
                dw[[o, i]] += dz[at] * x[[n, i]];
            }
        }
        return new Gradients([dx], op.Bias ? [dw, db] : [dw]);
    }

    /// <summary>The gradient passes where the output lies inside its range, and where it is NaN.</summary>
    private static Values BeforeClamp(Values y, Values dy, OutputRange range)
        => new(dy.Shape, [.. y.Data.Zip(dy.Data, (v, g) => Beyond(v, range) ? 0 : g)]);

    private static bool Beyond(double v, OutputRange range) => (!double.IsInfinity(range.Low) && v <= range.Low) || (!double.IsInfinity(range.High) && v >= range.High);
}

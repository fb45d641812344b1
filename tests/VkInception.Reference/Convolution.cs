using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    public static Values Forward(Conv2d op, Values[] inputs, Values[] parameters)
    {
        Values x = inputs[0], w = parameters[0], y = NewOutput(op, inputs);
        Window k = op.Window;
        int inPerGroup = x.Shape.C / op.Groups, outPerGroup = op.OutChannels / op.Groups;
        for (int n = 0; n < y.Shape.N; n++)
            for (int o = 0; o < y.Shape.C; o++)
                for (int p = 0; p < y.Shape.H; p++)
                    for (int q = 0; q < y.Shape.W; q++)
                    {
                        double sum = op.Bias ? parameters[1].Data[o] : 0;
                        for (int i = 0; i < inPerGroup; i++)
                            for (int r = 0; r < k.KernelH; r++)
                                for (int s = 0; s < k.KernelW; s++)
                                {
                                    int h = p * k.StrideH + r * k.DilationH - k.PadTop, v = q * k.StrideW + s * k.DilationW - k.PadLeft;
                                    bool inside = h >= 0 && h < x.Shape.H && v >= 0 && v < x.Shape.W;
                                    if (inside) sum += x[n, o / outPerGroup * inPerGroup + i, h, v] * w[o, i, r, s];
                                }
                        y[n, o, p, q] = Clamp(sum, op.Range);
                    }
        return y;
    }

    public static Values Forward(Linear op, Values[] inputs, Values[] parameters)
    {
        Values x = inputs[0], w = parameters[0], y = NewOutput(op, inputs);
        for (int n = 0; n < x.Shape[0]; n++)
            for (int o = 0; o < op.OutFeatures; o++)
            {
                double sum = op.Bias ? parameters[1].Data[o] : 0;
                for (int i = 0; i < x.Shape[1]; i++) sum += x[[n, i]] * w[[o, i]];
                y[[n, o]] = Clamp(sum, op.Range);
            }
        return y;
    }
}

using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    public static Values Forward(MaxPool2d op, Values[] inputs, Values[] parameters)
        => Pool(op, inputs, op.Window, (pixels, _) => Largest(pixels));

    public static Values Forward(AvgPool2d op, Values[] inputs, Values[] parameters)
        => Pool(op, inputs, op.Window, (pixels, padded) => pixels.Sum() / (op.CountIncludePad ? padded : pixels.Count));

    public static Values Forward(GlobalMaxPool2d op, Values[] inputs, Values[] parameters)
        => Pool(op, inputs, new Window(inputs[0].Shape.H, inputs[0].Shape.W), (pixels, _) => Largest(pixels));

    public static Values Forward(GlobalAvgPool2d op, Values[] inputs, Values[] parameters)
        => Pool(op, inputs, new Window(inputs[0].Shape.H, inputs[0].Shape.W), (pixels, _) => pixels.Average());

    public static Values Forward(AdaptiveAvgPool2d op, Values[] inputs, Values[] parameters)
    {
        Values x = inputs[0], y = NewOutput(op, inputs);
        for (int n = 0; n < y.Shape.N; n++)
            for (int c = 0; c < y.Shape.C; c++)
                for (int p = 0; p < op.Height; p++)
                    for (int q = 0; q < op.Width; q++)
                    {
                        int top = p * x.Shape.H / op.Height, bottom = (int)Math.Ceiling((p + 1) * x.Shape.H / (double)op.Height);
                        int left = q * x.Shape.W / op.Width, right = (int)Math.Ceiling((q + 1) * x.Shape.W / (double)op.Width);
                        double sum = 0;
                        for (int h = top; h < bottom; h++)
                            for (int w = left; w < right; w++) sum += x[n, c, h, w];
                        y[n, c, p, q] = sum / ((bottom - top) * (right - left));
                    }
        return y;
    }

    private static double Largest(List<double> pixels)
        => pixels.Count == 0 ? double.NegativeInfinity : pixels.Any(double.IsNaN) ? double.NaN : pixels.Max();

    /// <summary>Reduces each window: its pixels inside the image, and how many lie inside the image or its padding.</summary>
    private static Values Pool(Op op, Values[] inputs, Window k, Func<List<double>, int, double> reduce)
    {
        Values x = inputs[0], y = NewOutput(op, inputs);
        for (int n = 0; n < y.Shape.N; n++)
            for (int c = 0; c < y.Shape.C; c++)
                for (int p = 0; p < y.Shape.H; p++)
                    for (int q = 0; q < y.Shape.W; q++)
                    {
                        var pixels = new List<double>();
                        int padded = 0;
                        for (int r = 0; r < k.KernelH; r++)
                            for (int s = 0; s < k.KernelW; s++)
                            {
                                int h = p * k.StrideH + r * k.DilationH - k.PadTop, w = q * k.StrideW + s * k.DilationW - k.PadLeft;
                                if (h < x.Shape.H + k.PadBottom && w < x.Shape.W + k.PadRight) padded++;
                                if (h >= 0 && h < x.Shape.H && w >= 0 && w < x.Shape.W) pixels.Add(x[n, c, h, w]);
                            }
                        y[n, c, p, q] = reduce(pixels, padded);
                    }
        return y;
    }
}

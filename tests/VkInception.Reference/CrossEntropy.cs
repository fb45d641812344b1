using VkInception.Graph.Ops;

namespace VkInception.Reference;

public static partial class References
{
    /// <summary>Mean loss, images whose largest logit (the first of equal ones) is the label's, images that count.</summary>
    public static Values TrainingForward(SoftmaxCrossEntropy op, Values[] inputs, Values[] parameters, TrainingChance chance)
    {
        Values x = inputs[0];
        int classes = x.Shape[1];
        double loss = 0, weights = 0, correct = 0, counted = 0;
        for (int n = 0; n < x.Shape.N; n++)
        {
            int label = (int)inputs[1].Data[n];
            if (label < 0 || label >= classes) continue;
            double[] logits = x.Data[(n * classes)..((n + 1) * classes)];
            double largest = logits.Max(), logOfSum = Math.Log(logits.Sum(v => Math.Exp(v - largest)));
            loss -= (1 - (double)op.Smoothing) * Weight(label) * (logits[label] - largest - logOfSum);
            if (op.Smoothing > 0)
                for (int c = 0; c < classes; c++) loss -= (double)op.Smoothing / classes * Weight(c) * (logits[c] - largest - logOfSum);
            weights += Weight(label);
            correct += Array.IndexOf(logits, largest) == label ? 1 : 0;
            counted++;
        }
        return new Values([3], [counted == 0 ? 0 : loss / weights, correct, counted]);

        double Weight(int c) => op.ClassWeights ? parameters[0].Data[c] : 1;
    }

    /// <summary>For logits so large that differences say nothing: the formula, without weights and smoothing; null otherwise.</summary>
    public static Gradients? TrainingBackward(SoftmaxCrossEntropy op, Values[] inputs, Values[] parameters, Values dy)
    {
        Values x = inputs[0], dx = new(x.Shape);
        if (op.ClassWeights || op.Smoothing > 0 || x.Data.All(v => Math.Abs(v) < 1e4)) return null;
        int classes = x.Shape[1];
        double counted = inputs[1].Data.Count(label => label >= 0 && label < classes);
        foreach (int[] i in x.Indices())
        {
            double label = inputs[1].Data[i[0]];
            if (label < 0 || label >= classes) continue;
            double[] logits = x.Data[(i[0] * classes)..((i[0] + 1) * classes)];
            double probability = Math.Exp(x[i] - logits.Max()) / logits.Sum(v => Math.Exp(v - logits.Max()));
            dx[i] = dy.Data[0] / counted * (probability - (i[1] == (int)label ? 1 : 0));
        }
        return new Gradients([dx, new Values(inputs[1].Shape)], []);
    }
}

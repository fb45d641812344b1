namespace VkInception;

/// <summary>One class and how likely it is.</summary>
/// <param name="Index">Class index, from 0.</param>
/// <param name="Probability">Softmax probability, 0 to 1.</param>
public readonly record struct Prediction(int Index, float Probability)
{
    /// <summary>The most likely classes of one image, best first.</summary>
    /// <param name="probabilities">One value per class.</param>
    /// <param name="count">How many to return.</param>
    public static IReadOnlyList<Prediction> Top(ReadOnlySpan<float> probabilities, int count)
    {
        var all = new Prediction[probabilities.Length];
        for (int i = 0; i < all.Length; i++) all[i] = new Prediction(i, probabilities[i]);
        return [.. all.OrderByDescending(p => p.Probability).ThenBy(p => p.Index).Take(count)];
    }

    /// <summary>Softmax of one image's logits, in double precision.</summary>
    public static float[] Softmax(ReadOnlySpan<float> logits)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (float v in logits) max = Math.Max(max, v);
        var exponentials = new double[logits.Length];
        for (int i = 0; i < exponentials.Length; i++) sum += exponentials[i] = Math.Exp(logits[i] - max);
        return Array.ConvertAll(exponentials, e => (float)(e / sum));
    }
}

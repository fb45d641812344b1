namespace VkInception.Training;

/// <summary>Counts how well probabilities fit labels, batch by batch. Not thread-safe.</summary>
/// <param name="classes">Number of classes.</param>
public sealed class Evaluation(int classes)
{
    private const int WorstKept = 24;

    /// <summary>Beyond so many classes no confusion matrix is kept: nobody could read it, and it would not fit into memory.</summary>
    private const int MostConfused = 10_000;

    private readonly int[] confusion = classes <= MostConfused ? new int[classes * classes] : [];
    private readonly PriorityQueue<Misjudged, double> worst = new();
    private double loss;
    private int images, correct, amongFive;

    /// <summary>Adds one image.</summary>
    /// <param name="probabilities">One per class.</param>
    /// <param name="label">Its class.</param>
    public void Add(ReadOnlySpan<float> probabilities, int label)
    {
        int predicted = 0, before = 0;
        for (int c = 0; c < classes; c++)
        {
            if (probabilities[c] > probabilities[predicted]) predicted = c;
            // Of equal ones the lower class comes first, as in a stable sort.
            if (probabilities[c] > probabilities[label] || (probabilities[c] == probabilities[label] && c < label)) before++;
        }
        if (confusion.Length > 0) confusion[label * classes + predicted]++;
        loss -= Math.Log(Math.Max(probabilities[label], float.Epsilon));
        if (predicted == label) correct++;
        else Remember(new Misjudged(images, label, predicted, probabilities[predicted]));
        if (before < 5) amongFive++;
        images++;
    }

    /// <summary>What was found so far.</summary>
    public EvaluationResult Result() => new(
        images, loss / images, (double)correct / images, (double)amongFive / images, [.. confusion],
        [.. worst.UnorderedItems.Select(w => w.Element).OrderByDescending(w => w.Probability).ThenBy(w => w.Image)]);

    private void Remember(Misjudged image)
    {
        worst.Enqueue(image, image.Probability);
        if (worst.Count > WorstKept) worst.Dequeue();
    }
}

using System.Diagnostics;

namespace VkInception.Training;

/// <summary>Fills the batches of an ensemble's networks with views, whatever image they are of, and averages the probabilities of an image once all its views are through.</summary>
internal sealed class ViewQueue
{
    private readonly IReadOnlyList<EvaluationMember> members;
    private readonly Evaluation evaluation;
    private readonly int classes;
    private readonly int views;
    private readonly float[][] inputs;
    private readonly float[][] outputs;
    private readonly OpenImage[] owners;
    private int filled;

    public ViewQueue(IReadOnlyList<EvaluationMember> members, Evaluation evaluation, int classes, int views)
    {
        this.members = members;
        this.evaluation = evaluation;
        this.classes = classes;
        this.views = views;
        inputs = [.. members.Select(m => new float[m.Model.InputShape.Count])];
        outputs = [.. members.Select(m => new float[m.Model.OutputShape.Count])];
        owners = new OpenImage[members[0].Model.InputShape.N];
    }

    /// <summary>Time that the networks have run.</summary>
    public TimeSpan Running { get; private set; }

    /// <summary>Images whose views are all through.</summary>
    public int Done { get; private set; }

    /// <summary>Adds one image.</summary>
    /// <param name="image">Its views: those of the first preprocessing, then those of the next.</param>
    /// <param name="label">Its class.</param>
    public void Add(ReadOnlySpan<float> image, int label)
    {
        var open = new OpenImage(label, new double[classes]) { Missing = views };
        for (int view = 0; view < views; view++)
        {
            for (int m = 0; m < members.Count; m++)
            {
                int elements = inputs[m].Length / owners.Length;
                image.Slice(members[m].Offset + view * elements, elements).CopyTo(inputs[m].AsSpan(filled * elements));
            }
            owners[filled++] = open;
            if (filled == owners.Length) Flush();
        }
    }

    /// <summary>Runs what has been added; what lies behind the last view is run too and not looked at.</summary>
    public void Flush()
    {
        if (filled == 0) return;
        long start = Stopwatch.GetTimestamp();
        for (int m = 0; m < members.Count; m++) members[m].Model.Run(inputs[m], outputs[m]);
        Running += Stopwatch.GetElapsedTime(start);
        for (int row = 0; row < filled; row++)
        {
            for (int m = 0; m < members.Count; m++) owners[row].Add(outputs[m].AsSpan(row * classes, classes), members[m].Model.OutputIsProbability);
            if (--owners[row].Missing == 0) Finish(owners[row]);
        }
        filled = 0;
    }

    // Views come in the order of the images, so the images are finished in it.
    private void Finish(OpenImage image)
    {
        double shares = (double)views * members.Count;
        evaluation.Add(Array.ConvertAll(image.Sums, sum => (float)(sum / shares)), image.Label);
        Done++;
    }

    private sealed class OpenImage(int label, double[] sums)
    {
        public int Label => label;

        public double[] Sums => sums;

        public int Missing { get; set; }

        public void Add(ReadOnlySpan<float> scores, bool isProbability)
        {
            ReadOnlySpan<float> probabilities = isProbability ? scores : Prediction.Softmax(scores);
            for (int c = 0; c < sums.Length; c++) sums[c] += probabilities[c];
        }
    }
}

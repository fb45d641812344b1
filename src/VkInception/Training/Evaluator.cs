
namespace VkInception.Training;

/// <summary>Runs a network over labelled images and counts how well it does.</summary>
public static class Evaluator
{
    /// <summary>Evaluates one network.</summary>
    /// <param name="model">Compiled for the stream's batch.</param>
    /// <param name="batches">The images.</param>
    /// <param name="classes">Number of classes: the network has as many outputs.</param>
    /// <param name="done">Is told the images that are done.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/> where the network has another number of outputs; what reading the images raises.</exception>
    public static EvaluationResult Run(CompiledModel model, IBatchStream batches, int classes, Action<int>? done = null, CancellationToken cancel = default)
        => Run([model], batches, classes, 1, done, cancel);

    /// <summary>Evaluates several networks as an ensemble, on one or several views of each image: all their probabilities are averaged.</summary>
    /// <param name="ensemble">Each compiled for the stream's batch times the views.</param>
    /// <param name="batches">The images; the views of one lie one after the other.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="views">Views of each image: 1, 10 or 144.</param>
    /// <param name="done">Is told the images that are done.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/> where a network has another number of outputs; what reading the images raises.</exception>
    public static EvaluationResult Run(IReadOnlyList<CompiledModel> ensemble, IBatchStream batches, int classes, int views, Action<int>? done = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(batches);
        foreach (CompiledModel model in ensemble)
            if (model.OutputShape.Count != (long)model.OutputShape.N * classes)
                throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{model.Plan.Network.Name}: has {model.OutputShape.Count / model.OutputShape.N} outputs, the data {classes} classes");
        var evaluation = new Evaluation(classes);
        int images = 0;
        while (batches.Next(cancel) is { } batch)
        {
            float[][] members = [.. ensemble.Select(model => Probabilities(model, batch, classes, batch.Count * views))];
            for (int n = 0; n < batch.Count; n++) evaluation.Add(Mean(members, n * views, views, classes), batch.Labels.Span[n]);
            done?.Invoke(images += batch.Count);
            // Batches that are ready come without a look at the token.
            cancel.ThrowIfCancellationRequested();
        }
        return evaluation.Result();
    }

    private static float[] Probabilities(CompiledModel model, ImageBatch batch, int classes, int rows)
    {
        float[] y = model.Run(batch.Images.Span);
        if (model.OutputIsProbability) return y;
        for (int row = 0; row < rows; row++) Prediction.Softmax(y.AsSpan(row * classes, classes)).CopyTo(y, row * classes);
        return y;
    }

    private static ReadOnlySpan<float> Mean(float[][] members, int first, int views, int classes)
    {
        if (members.Length == 1 && views == 1) return members[0].AsSpan(first * classes, classes);
        var mean = new float[classes];
        for (int c = 0; c < classes; c++)
        {
            double sum = 0;
            foreach (float[] member in members)
                for (int view = 0; view < views; view++) sum += member[(first + view) * classes + c];
            mean[c] = (float)(sum / (members.Length * views));
        }
        return mean;
    }
}

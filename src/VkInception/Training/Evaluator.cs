namespace VkInception.Training;

/// <summary>Runs a network over labelled images and counts how well it does.</summary>
public static class Evaluator
{
    /// <summary>Evaluates one network.</summary>
    /// <param name="model">Compiled for any batch.</param>
    /// <param name="batches">The images.</param>
    /// <param name="classes">Number of classes: the network has as many outputs.</param>
    /// <param name="done">Is told the images that are done.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/> where the network has another number of outputs; what reading the images raises.</exception>
    public static EvaluationResult Run(CompiledModel model, IBatchStream batches, int classes, Action<int>? done = null, CancellationToken cancel = default)
        => Run([model], batches, classes, 1, done, cancel);

    /// <summary>Evaluates several networks of the same preprocessing as an ensemble, on one or several views of each image: all their probabilities are averaged.</summary>
    /// <param name="ensemble">All of the same input, compiled for the same batch.</param>
    /// <param name="batches">The images; the views of one lie one after the other.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="views">Views of each image: 1, 10 or 144.</param>
    /// <param name="done">Is told the images that are done.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/> where a network has another number of outputs; what reading the images raises.</exception>
    public static EvaluationResult Run(IReadOnlyList<CompiledModel> ensemble, IBatchStream batches, int classes, int views, Action<int>? done = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        return Run([.. ensemble.Select(model => new EvaluationMember(model, 0))], batches, classes, views, done, cancel);
    }

    /// <summary>Evaluates an ensemble whose networks may differ in preprocessing. Batches are filled across views and images, so that the device stays full.</summary>
    /// <param name="ensemble">At least one, all compiled for the same batch.</param>
    /// <param name="batches">The images; each has, for every preprocessing, its views one after the other.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="views">Views of each image: 1, 10 or 144.</param>
    /// <param name="done">Is told the images that are done.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="VkInceptionException">
    /// <see cref="ErrorCode.ShapeMismatch"/> where a network has another number of outputs; <see cref="ErrorCode.InvalidArgument"/> where batches differ; what reading the images raises.
    /// </exception>
    public static EvaluationResult Run(IReadOnlyList<EvaluationMember> ensemble, IBatchStream batches, int classes, int views, Action<int>? done = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(batches);
        Demand(ensemble, classes);
        int stride = ensemble.Max(m => m.Offset + views * (int)(m.Model.InputShape.Count / m.Model.InputShape.N));
        var evaluation = new Evaluation(classes);
        var queue = new ViewQueue(ensemble, evaluation, classes, views);
        while (batches.Next(cancel) is { } batch)
        {
            for (int n = 0; n < batch.Count; n++)
            {
                queue.Add(batch.Images.Span.Slice(n * stride, stride), batch.Labels.Span[n]);
                // Batches that are ready come without a look at the token.
                cancel.ThrowIfCancellationRequested();
            }
            done?.Invoke(queue.Done);
        }
        queue.Flush();
        done?.Invoke(queue.Done);
        return evaluation.Result() with { Running = queue.Running };
    }

    private static void Demand(IReadOnlyList<EvaluationMember> ensemble, int classes)
    {
        if (ensemble.Count == 0) throw new VkInceptionException(ErrorCode.InvalidArgument, "there is no network to evaluate");
        foreach (CompiledModel model in ensemble.Select(m => m.Model))
        {
            if (model.OutputShape.Count != (long)model.OutputShape.N * classes)
                throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{model.Plan.Network.Name}: has {model.OutputShape.Count / model.OutputShape.N} outputs, the data {classes} classes");
            if (model.InputShape.N != ensemble[0].Model.InputShape.N)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"{model.Plan.Network.Name}: is compiled for a batch of {model.InputShape.N}, the first of the ensemble for {ensemble[0].Model.InputShape.N}; compile all for the same");
        }
    }
}

using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Training;

/// <summary>Gathers what a run's report shows.</summary>
internal static class RunReport
{
    private const int MostChannels = 3;

    /// <summary>The filters of the first convolution, where they see colours; null where there is none of that kind.</summary>
    public static (Picture Picture, string Layer)? FirstFilters(CompiledTraining training, ImageInput input)
    {
        Node? first = training.Plan.Training.Network.Nodes.FirstOrDefault(n => n.Op is Conv2d);
        if (first?.Parameters[0] is not { } weight || weight.Shape[1] > MostChannels) return null;
        Shape shape = weight.Shape;
        return (FilterPicture.Draw(training.ReadWeights(weight), shape[0], shape[1], shape[2], shape[3], input.Order), first.Name);
    }

    /// <summary>Writes the report as the run stands.</summary>
    public static SaveResult Write(string folder, RunHistory history, int plannedEpochs, EvaluationResult? evaluation, (Picture Picture, string Layer)? filters, ITrainingData data)
        => TrainingReport.Write(folder, new ReportContent(history)
        {
            PlannedEpochs = plannedEpochs,
            Status = history.Epochs.Count < plannedEpochs ? "running" : "finished",
            Confusion = evaluation is null || evaluation.Confusion.IsEmpty ? null : new ConfusionMatrix(data.Classes.Count, evaluation.Confusion.AsSpan()),
            Mistakes = evaluation is null ? [] : [.. evaluation.Worst.Select(w => new Mistake(data.NameOf(w.Image), w.Label, w.Predicted, w.Probability, data.Thumbnail(w.Image)))],
            Filters = filters?.Picture,
            FilterLayer = filters?.Layer,
        });
}

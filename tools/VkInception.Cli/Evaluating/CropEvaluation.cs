using VkInception.Cli.Training;
using VkInception.Imaging.Datasets;
using VkInception.Training;

namespace VkInception.Cli.Evaluating;

/// <summary>An ensemble on crops of the images.</summary>
/// <param name="members">Compiled, all for the same batch, with the preprocessing of each.</param>
/// <param name="dataset">The images.</param>
/// <param name="threads">Threads that read.</param>
/// <param name="unreadable">What happens to an image that cannot be read.</param>
internal sealed class CropEvaluation(IReadOnlyList<(CompiledModel Model, ImageInput Input)> members, Dataset dataset, int threads, UnreadablePolicy unreadable)
{
    /// <summary>Evaluates with so many crops.</summary>
    public EvaluationResult Run(int crops, Action<int> done, CancellationToken cancel)
    {
        // Networks of the same preprocessing share their views, and all share the decoding.
        var inputs = new List<ImageInput>();
        var ensemble = new List<EvaluationMember>();
        foreach ((CompiledModel model, ImageInput input) in members)
        {
            int at = inputs.FindIndex(i => IsSame(i, input));
            if (at < 0)
            {
                at = inputs.Count;
                inputs.Add(input);
            }
            ensemble.Add(new EvaluationMember(model, inputs.Take(at).Sum(i => 3 * i.Width * i.Height * crops)));
        }

        int images = Math.Max(1, members[0].Model.InputShape.N / crops);
        using IBatchStream batches = DatasetTraining.Evaluate(dataset, inputs, images, crops, threads, unreadable);
        return Evaluator.Run(ensemble, batches, dataset.ClassNames.Count, crops, done, cancel);
    }

    private static bool IsSame(ImageInput a, ImageInput b)
        => a.Mean.SequenceEqual(b.Mean) && a.Deviation.SequenceEqual(b.Deviation) && a == (b with { Mean = a.Mean, Deviation = a.Deviation });
}

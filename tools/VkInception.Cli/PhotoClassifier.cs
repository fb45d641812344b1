using VkInception.Cli.Documents;
using VkInception.Imaging;

namespace VkInception.Cli;

/// <summary>Photos through a compiled model, batch by batch: the next is decoded while the device works on the present one.</summary>
internal sealed class PhotoClassifier(CompiledModel model, ImageInput input, IReadOnlyList<string>? labels, int top)
{
    private readonly List<PhotoFailure> failures = [];

    /// <summary>The files that could not be read, in the order in which they were given.</summary>
    public IReadOnlyList<PhotoFailure> Failures => failures;

    /// <summary>Whether any probability was not a number.</summary>
    public bool SawNaN { get; private set; }

    /// <summary>Classifies every file that can be read.</summary>
    /// <param name="files">The photos.</param>
    /// <param name="progress">Hears how many are done.</param>
    /// <param name="cancellation">Stops between batches, and the waiting for the device.</param>
    public async Task<IReadOnlyList<ClassifyDocument>> RunAsync(IReadOnlyList<string> files, Action<int> progress, CancellationToken cancellation)
    {
        var found = new List<ClassifyDocument>();
        int batch = model.InputShape.N;
        var x = new float[model.InputShape.Count];
        await foreach (PhotoBatch photos in BatchLoader.LoadBatchesAsync(files, input, batch, cancellationToken: cancellation))
        {
            failures.AddRange(photos.Failures);
            if (photos.Count > 0)
            {
                // What lies behind the last photo is run too and not looked at.
                photos.Tensor.CopyTo(x);
                found.AddRange(Describe(await model.RunAsync(x, cancellation), photos, files));
            }

            progress(found.Count + failures.Count);
        }

        return found;
    }

    private IEnumerable<ClassifyDocument> Describe(float[] y, PhotoBatch photos, IReadOnlyList<string> files)
    {
        int classes = (int)(model.OutputShape.Count / model.OutputShape.N);
        for (int n = 0; n < photos.Count; n++)
        {
            ReadOnlySpan<float> scores = y.AsSpan(n * classes, classes);
            float[] probabilities = model.OutputIsProbability ? scores.ToArray() : Prediction.Softmax(scores);
            SawNaN |= Array.Exists(probabilities, p => !float.IsFinite(p));
            IEnumerable<Prediction> best = Prediction.Top(probabilities, top);
            yield return new ClassifyDocument(
                files[photos.Indices[n]], [.. best.Select(p => new PredictionDocument(p.Index, labels?[p.Index], Finite(p.Probability)))]);
        }
    }

    // JSON has no NaN, and the warning has said so already.
    private static float Finite(float probability) => float.IsFinite(probability) ? probability : 0;
}

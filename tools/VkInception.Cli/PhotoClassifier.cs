using VkInception.Cli.Documents;
using VkInception.Imaging;

namespace VkInception.Cli;

/// <summary>Photos through a compiled model, batch by batch: the next is decoded while the device works on the present one.</summary>
/// <remarks>With several crops the views of a photo fill the batches, and their probabilities are averaged (1409.4842, section 7).</remarks>
internal sealed class PhotoClassifier(CompiledModel model, ImageInput input, int crops, IReadOnlyList<string>? labels, int top)
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
        int photosAtOnce = Math.Max(1, model.InputShape.N / crops);
        await foreach (PhotoBatch photos in BatchLoader.LoadBatchesAsync(files, input, photosAtOnce, crops: crops, cancellationToken: cancellation))
        {
            failures.AddRange(photos.Failures);
            if (photos.Count > 0)
                found.AddRange(Describe(await ProbabilitiesAsync(photos.Tensor, photos.Count * crops, cancellation), photos, files));
            progress(found.Count + failures.Count);
        }

        return found;
    }

    /// <summary>One row of probabilities per view.</summary>
    private async Task<List<float[]>> ProbabilitiesAsync(ReadOnlyMemory<float> views, int count, CancellationToken cancellation)
    {
        int batch = model.InputShape.N, elements = (int)(model.InputShape.Count / batch), classes = (int)(model.OutputShape.Count / batch);
        var x = new float[model.InputShape.Count];
        var rows = new List<float[]>(count);
        for (int first = 0; first < count; first += batch)
        {
            // What lies behind the last view is run too and not looked at.
            int here = Math.Min(batch, count - first);
            views.Slice(first * elements, here * elements).CopyTo(x);
            float[] y = await model.RunAsync(x, cancellation);
            for (int n = 0; n < here; n++)
            {
                ReadOnlySpan<float> scores = y.AsSpan(n * classes, classes);
                rows.Add(model.OutputIsProbability ? scores.ToArray() : Prediction.Softmax(scores));
            }
        }

        return rows;
    }

    private IEnumerable<ClassifyDocument> Describe(List<float[]> views, PhotoBatch photos, IReadOnlyList<string> files)
    {
        for (int n = 0; n < photos.Count; n++)
        {
            float[] probabilities = Mean(views.GetRange(n * crops, crops));
            SawNaN |= Array.Exists(probabilities, p => !float.IsFinite(p));
            IEnumerable<Prediction> best = Prediction.Top(probabilities, top);
            yield return new ClassifyDocument(
                files[photos.Indices[n]], [.. best.Select(p => new PredictionDocument(p.Index, labels?[p.Index], Finite(p.Probability)))]);
        }
    }

    private static float[] Mean(List<float[]> rows)
        => rows.Count == 1 ? rows[0] : [.. Enumerable.Range(0, rows[0].Length).Select(c => (float)rows.Average(row => (double)row[c]))];

    // JSON has no NaN, and the warning has said so already.
    private static float Finite(float probability) => float.IsFinite(probability) ? probability : 0;
}

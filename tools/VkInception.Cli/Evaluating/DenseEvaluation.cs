using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Rewrites;
using VkInception.Graph.Training;
using VkInception.Imaging;
using VkInception.Imaging.Datasets;
using VkInception.Training;

namespace VkInception.Cli.Evaluating;

/// <summary>An ensemble that is moved over whole images, as VGG was tested (1409.1556, section 3.2): scores are averaged over the places, probabilities over the image, its mirror image and the networks.</summary>
/// <param name="session">The device.</param>
/// <param name="members">The networks, with the preprocessing of each.</param>
/// <param name="dataset">The images.</param>
/// <param name="unreadable">What happens to an image that cannot be read.</param>
/// <param name="precision">Single or half.</param>
internal sealed class DenseEvaluation(DeviceSession session, IReadOnlyList<(Model Model, ImageInput Input)> members, Dataset dataset, UnreadablePolicy unreadable, Precision precision)
{
    private const int Views = 2;

    /// <summary>Evaluates.</summary>
    /// <exception cref="VkInceptionException">A network that has no form for larger images; what reading the images raises.</exception>
    public EvaluationResult Run(Action<int> done, CancellationToken cancel)
    {
        DatasetSplit split = dataset.Evaluation!;
        var sums = new float[split.Count][];
        var running = TimeSpan.Zero;
        foreach ((Model model, ImageInput input) in members)
        {
            int finished = 0;
            // A network is compiled once for all images of a size.
            foreach (IGrouping<(long Width, long Height), int> size in Sizes(split, input, sums, cancel).GroupBy(i => i.Size, i => i.Image))
            {
                ImageInput whole = input with { Width = checked((int)size.Key.Width), Height = checked((int)size.Key.Height) };
                using CompiledModel compiled = Compile(model, input, whole);
                foreach (int image in size)
                {
                    running += Add(compiled, whole, split.Read(image), sums[image]);
                    done(++finished);
                    cancel.ThrowIfCancellationRequested();
                }
            }
        }

        var evaluation = new Evaluation(dataset.ClassNames.Count);
        for (int image = 0; image < sums.Length; image++)
            if (sums[image] is { } sum) evaluation.Add(Array.ConvertAll(sum, s => s / (Views * members.Count)), split.Label(image));
        return evaluation.Result() with { Running = running };
    }

    private List<(int Image, (long Width, long Height) Size)> Sizes(DatasetSplit split, ImageInput input, float[][] sums, CancellationToken cancel)
    {
        var sizes = new List<(int, (long, long))>();
        for (int image = 0; image < split.Count; image++)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                Photo photo = split.Read(image);
                sums[image] ??= new float[dataset.ClassNames.Count];
                sizes.Add((image, CropPlan.ResizedSize(photo.Width, photo.Height, input)));
            }
            catch (VkInceptionException e) when (unreadable == UnreadablePolicy.Skip && e.Code != ErrorCode.OutOfHostMemory)
            {
                // Said when the data set was opened; it has no sum.
                continue;
            }
        }

        return sizes;
    }

    private CompiledModel Compile(Model model, ImageInput own, ImageInput whole)
    {
        Network network = DenseClassifier.Apply(model.Network(new ModelOptions(Views, own.Height, own.Width)), whole.Height, whole.Width);
        if (network.Outputs[0].Shape[1] != dataset.ClassNames.Count)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{model.Name}: has {network.Outputs[0].Shape[1]} outputs, the data {dataset.ClassNames.Count} classes");
        return CompiledModel.Create(session.Device, network, model.Source, session.Kernels, precision);
    }

    private static TimeSpan Add(CompiledModel compiled, ImageInput whole, Photo photo, float[] sum)
    {
        var x = new float[compiled.InputShape.Count];
        int elements = x.Length / Views;
        var box = new CropBox(0, 0, whole.Width, whole.Height);
        for (int view = 0; view < Views; view++)
            Preprocessor.Run(photo, whole, new CropView(whole.Width, whole.Height, box, Mirror: view == 1), x.AsSpan(view * elements, elements));
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        float[] scores = compiled.Run(x);
        TimeSpan taken = System.Diagnostics.Stopwatch.GetElapsedTime(start);
        for (int view = 0; view < Views; view++)
        {
            float[] probabilities = Prediction.Softmax(scores.AsSpan(view * sum.Length, sum.Length));
            for (int c = 0; c < sum.Length; c++) sum[c] += probabilities[c];
        }

        return taken;
    }
}

using VkInception.Graph.Training;
using VkInception.Imaging;
using VkInception.Training;

namespace VkInception.DeviceTests.Training;

/// <summary>Images of 3×8×8 in memory, three classes that differ in their mean; the order of an epoch depends on its number.</summary>
internal sealed class TinyData : ITrainingData
{
    public const int Side = 8;
    public const int Pixels = 3 * Side * Side;

    /// <summary>A network for them, as a Caffe file.</summary>
    public const string Prototxt = """
        name: "tiny" input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 6 kernel_size: 3 pad: 1 } }
        layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
        layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "drop" type: "Dropout" bottom: "pool1" top: "pool1" dropout_param { dropout_ratio: 0.2 } }
        layer { name: "fc" type: "InnerProduct" bottom: "pool1" top: "fc" inner_product_param { num_output: 3 } }
        """;

    /// <summary>How the small runs train on them.</summary>
    public static TrainerOptions Options { get; } = new()
    {
        Step = new TrainingOptions { Batch = 4, Height = Side, Width = Side, Classes = 3, Optimizer = Optimizer.Parse("sgd:nesterov=yes"), Average = true },
        Input = ImageInput.Torchvision.ScaledTo(Side, Side),
        Epochs = 4,
        LearningRate = 0.01f,
        AverageDecay = 0.9f,
        Seed = 3,
    };

    /// <summary>The first training batch, counted over all epochs from 1, whose images hold NaN; 0 for none.</summary>
    public int NaNFrom { get; init; }

    /// <summary>The first training batch, counted likewise, that cannot be read; 0 for none.</summary>
    public int UnreadableFrom { get; init; }

    public string Name => "tiny";

    public IReadOnlyList<string> Classes { get; } = ["a", "b", "c"];

    public string Fingerprint => "tiny";

    public int TrainingImages => 12;

    public int EvaluationImages => 5;

    public IBatchStream Train(int batch, int epoch, int first)
    {
        int before = epoch * (TrainingImages / batch) + first;
        return new Batches(
            [.. Enumerable.Range(first, TrainingImages / batch - first).Select(b =>
                Batch([.. Enumerable.Range(0, batch).Select(i => (b * batch + i) * 5 + epoch * 7)], batch, damaged: NaNFrom > 0 && before - first + b + 1 >= NaNFrom))],
            UnreadableFrom > 0 ? UnreadableFrom - before - 1 : int.MaxValue);
    }

    public IBatchStream Evaluate(int batch) => new Batches([.. Enumerable.Range(0, EvaluationImages).Chunk(batch).Select(chunk => Batch([.. chunk.Select(i => 100 + i)], batch, damaged: false))]);

    public string NameOf(int evaluationImage) => $"image {evaluationImage}";

    public Picture? Thumbnail(int evaluationImage) => null;

    private static ImageBatch Batch(int[] numbers, int batch, bool damaged)
    {
        var images = new float[batch * Pixels];
        var labels = new int[batch];
        for (int n = 0; n < numbers.Length; n++)
        {
            labels[n] = numbers[n] % 3;
            new SeededWeights((ulong)numbers[n]).Uniform("image", Pixels, 1, labels[n] - 1).CopyTo(images, n * Pixels);
        }
        if (damaged) images[17] = float.NaN;
        return new ImageBatch(images, labels, numbers.Length);
    }

    /// <summary>Batches of a list; from one on they cannot be read.</summary>
    internal sealed class Batches(IReadOnlyList<ImageBatch> batches, int unreadableFrom = int.MaxValue) : IBatchStream
    {
        private int next;

        public TimeSpan Waited => TimeSpan.Zero;

        public ImageBatch? Next(CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            if (next < batches.Count && next >= unreadableFrom) throw new VkInceptionException(ErrorCode.FileDamaged, "photo.jpg: ends early");
            return next < batches.Count ? batches[next++] : null;
        }

        public void Dispose()
        {
        }
    }
}

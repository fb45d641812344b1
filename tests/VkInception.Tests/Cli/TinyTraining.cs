using VkInception.Tests.Imaging;
using VkInception.Tests.Imaging.Datasets;

namespace VkInception.Tests.Cli;

/// <summary>A network of a few weights and a folder of small pictures: a run of seconds.</summary>
internal sealed class TinyTraining : IDisposable
{
    private const string Prototxt = """
        name: "tiny" input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 6 kernel_size: 3 pad: 1 } }
        layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
        layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "drop" type: "Dropout" bottom: "pool1" top: "pool1" dropout_param { dropout_ratio: 0.2 } }
        layer { name: "fc" type: "InnerProduct" bottom: "pool1" top: "fc" inner_product_param { num_output: 3 } }
        """;

    private readonly TemporaryFolder folder = new();

    public TinyTraining()
    {
        DatasetSamples.ClassFolder(folder, "data/train", 3, 8);
        DatasetSamples.ClassFolder(folder, "data/test", 3, 2);
        File.WriteAllText(PathOf("tiny.prototxt"), Prototxt);
        File.WriteAllText(PathOf("other.prototxt"), Prototxt);
    }

    public TemporaryFolder Folder => folder;

    public string PathOf(string name) => folder.PathOf(name);

    /// <summary>The words that train it, 24 images, 6 steps an epoch; more words go before those of the same option.</summary>
    public string[] Train(string output, params string[] more)
    {
        (string Option, string Value)[] own =
        [
            ("--data", PathOf("data")), ("--model", PathOf("tiny.prototxt")), ("--out", PathOf(output)), ("--size", "8"), ("--batch", "4"),
            ("--lr", "0.001"), ("--ema", "0.9"), ("--optimizer", "sgd:nesterov=yes"),
        ];
        return ["train", .. own.Where(o => !more.Contains(o.Option)).SelectMany(o => (string[])[o.Option, o.Value]), "--quiet", "--json", .. more];
    }

    public void Dispose() => folder.Dispose();
}

using VkInception.Fuzz.Mutations;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Import.Names;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary>Checkpoints in other frameworks' names, put into the zoo's: <see cref="NameMap"/>.</summary>
internal sealed class ForeignNamesReader() : Reader("names")
{
    private static readonly string[] models = ["inception_v3", "inception_v4", "densenet121", "vgg11", "squeezenet1_0"];
    private readonly Dictionary<string, Network> networks = [];

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. models.SelectMany(Spellings)];

    public override IReadOnlyList<Mutation> Grammar { get; } =
    [
        new PrefixedMutation(0, 8, new TextMutation(
            "/weights", "/BatchNorm/beta", "/BatchNorm/moving_mean", "InceptionV3", "InceptionV3/Conv2d_1a_3x3", "InceptionResnetV2", "kernel:0", "depthwise_kernel", "beta:0", "norm.1", "conv.1", "denselayer1", "AuxLogits", "[1,1,1,1]", "[]")),
    ];

    public override string Read(byte[] input)
    {
        Checkpoint checkpoint = Checkpoint.Open(Scratch.Write("names.safetensors", input));
        try
        {
            // The last byte, which the mutations leave alone most often, says which network.
            string model = models[input[^1] % models.Length];
            if (!networks.TryGetValue(model, out Network? network)) networks[model] = network = ModelZoo.Find(model).Build(new ModelOptions());
            checkpoint = NameMap.Translate(checkpoint, model, network);
            foreach (NamedTensor tensor in checkpoint.Tensors.Where(t => t.Count < 1 << 16)) tensor.ToFloat32();
            return $"{model} notes {checkpoint.Notes.Count}";
        }
        finally
        {
            checkpoint.Dispose();
        }
    }

    // The network's own names and those of other spellings, each of one element.
    private static IEnumerable<byte[]> Spellings(string model)
    {
        string[] own = [.. ModelZoo.Find(model).Build(new ModelOptions()).Parameters.Select(p => p.Name).Take(6)];
        string[] slim = [.. new[] { "V3", "V4" }.SelectMany(v => new[] { "Conv2d_1a_3x3/weights", "Conv2d_1a_3x3/BatchNorm/beta", "Conv2d_2a_3x3/BatchNorm/moving_mean", "Logits/Conv2d_1c_1x1/weights", "Logits/Logits/biases", "AuxLogits/Conv2d_1b_1x1/weights" }.Select(n => $"Inception{v}/{n}")), "global_step"];
        string[] keras = ["conv2d_1/kernel:0", "conv2d_2/kernel:0", "batch_normalization_1/beta:0", "batch_normalization_2/moving_mean:0", "batch_normalization/gamma", "predictions/kernel:0", "predictions/bias:0"];
        string[] caffe = ["conv1_1.weight", "conv1_1.bias", "fc6.weight", "conv1.weight", "fire2/squeeze1x1.weight", "fire2/expand1x1.bias", "conv10.weight", "features.denseblock1.denselayer1.norm.1.weight", "features.denseblock1.denselayer1.conv.2.weight"];
        byte[] last = [(byte)Array.IndexOf(models, model)];
        foreach (string[] names in (string[][])[own, slim, keras, caffe])
            foreach (int[] shape in (int[][])[[1], [1, 1], [1, 1, 1, 1]])
                yield return TinyNetwork.Checkpoint(names.Select(n => NamedTensor.FromBytes(n, last).WithShape([.. shape])));
    }
}

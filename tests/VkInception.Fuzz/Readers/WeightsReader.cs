using VkInception.Fuzz.Mutations;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="Model.Load"/> with a checkpoint: its tensors against the network's, and what training wrote about classes and images.</summary>
internal sealed class WeightsReader() : Reader("weights")
{
    private const string Input = """{"width":8,"height":8,"resize":"Warp","resizeTo":8,"order":"Rgb","mean":[0,0,0],"deviation":[1,1,1],"scale":1}""";
    private string? prototxt;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        TinyNetwork.Checkpoint(TinyNetwork.Weights),
        TinyNetwork.Checkpoint(TinyNetwork.Weights, new() { ["model"] = "tiny", ["classes"] = """["a","b","c"]""", ["imageInput"] = Input }),
        TinyNetwork.Checkpoint([.. TinyNetwork.Weights[..2], NamedTensor.FromFloat32("fc.weight", [5, 32], new float[160]), NamedTensor.FromFloat32("fc.bias", [5], new float[5])]),
        TinyNetwork.Checkpoint([.. TinyNetwork.Weights[..2], NamedTensor.FromFloat32("fc.weight", [], new float[1])]),
    ];

    public override IReadOnlyList<Mutation> Grammar { get; } =
    [
        new PrefixedMutation(0, 8, new TextMutation("conv1.weight", "fc.weight", "fc.bias", "classes", "imageInput", "\\\"width\\\"", "\\\"mean\\\"", "\\\"Crop\\\"", "\\\"Bgr\\\"", "\\\"Gray\\\"", "[null]", "1e999", "null", "__metadata__")),
    ];

    public override string Read(byte[] input)
    {
        prototxt ??= Scratch.Write("tiny.prototxt", System.Text.Encoding.UTF8.GetBytes(TinyNetwork.Prototxt));
        using Model model = Model.Load(prototxt, Scratch.Write("weights.safetensors", input));
        foreach (string name in model.ClassNames) ArgumentNullException.ThrowIfNull(name);
        return $"classes {Math.Min(model.ClassNames.Count, 9)} {model.ImageInput.Order} {model.ImageInput.Resize} {model.HasWeights}";
    }
}

using System.Text;
using VkInception.Fuzz.Mutations;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary>TensorFlow.js' <c>model.json</c>, beside a file of weights of 36 bytes.</summary>
internal sealed class TfjsModelReader() : Reader("tfjs")
{
    private bool prepared;

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. new[]
    {
        """{"format":"layers-model","weightsManifest":[{"paths":["w.bin"],"weights":[{"name":"conv2d_1/kernel","shape":[1,1,2,3],"dtype":"float32"},{"name":"conv2d_1/bias","shape":[3],"dtype":"float32","note":1}]}]}""",
        """[{"paths":["w.bin"],"weights":[{"name":"a","shape":[4],"dtype":"float32","quantization":{"dtype":"uint8","scale":0.5,"min":-1}},{"name":"b","shape":[8],"dtype":"float32","quantization":{"dtype":"uint16","scale":2,"min":0}},{"name":"c","shape":[],"dtype":"int32"},{"name":"d","shape":[1],"dtype":"complex64"},{"name":"e","shape":[4],"dtype":"bool"}]}]""",
        """{"weightsManifest":[{"paths":["w.bin","w.bin"],"weights":[{"name":"h","shape":[36],"dtype":"float32","quantization":{"dtype":"float16"}}]}]}""",
    }.Select(Encoding.UTF8.GetBytes)];

    public override IReadOnlyList<Mutation> Grammar { get; } =
    [
        new TextMutation("\"weightsManifest\"", "\"paths\"", "\"weights\"", "\"w.bin\"", "\"../w.bin\"", "\"/etc/passwd\"", "\"dtype\"", "\"float32\"", "\"int32\"", "\"uint8\"", "\"float16\"", "\"complex64\"", "\"string\"", "\"quantization\"", "\"scale\"", "\"min\"", "[1,1]", "[0]"),
    ];

    public override string Read(byte[] input)
    {
        if (!prepared) Scratch.Write("w.bin", [.. Enumerable.Range(0, 36).Select(i => (byte)i)]);
        prepared = true;
        using Checkpoint checkpoint = Checkpoint.Open(Scratch.Write("model.json", input));
        foreach (NamedTensor tensor in checkpoint.Tensors.Take(200)) tensor.ToFloat32();
        return $"{checkpoint.Format} tensors {Math.Min(checkpoint.Tensors.Count, 5)} notes {Math.Min(checkpoint.Notes.Count, 3)}";
    }
}

using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary>A network of a few weights, as Caffe describes it, and a checkpoint that fits it.</summary>
internal static class TinyNetwork
{
    public const string Prototxt = """
        name: "tiny" input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1" convolution_param { num_output: 2 kernel_size: 3 pad: 1 } }
        layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
        layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "fc" type: "InnerProduct" bottom: "pool1" top: "fc" inner_product_param { num_output: 3 } }
        """;

    public static NamedTensor[] Weights { get; } =
    [
        NamedTensor.FromFloat32("conv1.weight", [2, 3, 3, 3], new float[54]), NamedTensor.FromFloat32("conv1.bias", [2], new float[2]),
        NamedTensor.FromFloat32("fc.weight", [3, 32], new float[96]), NamedTensor.FromFloat32("fc.bias", [3], new float[3]),
    ];

    public static byte[] Checkpoint(IEnumerable<NamedTensor> tensors, Dictionary<string, string>? metadata = null)
    {
        string path = Scratch.PathOf("seed.safetensors");
        SafetensorsWriter.Write(path, tensors, metadata);
        return File.ReadAllBytes(path);
    }
}

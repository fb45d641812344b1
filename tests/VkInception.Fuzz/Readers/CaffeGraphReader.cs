using System.Text;
using VkInception.Fuzz.Mutations;
using VkInception.Import;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="PrototxtDocument"/> and <see cref="CaffeImporter"/>: a network of a Caffe definition.</summary>
internal sealed class CaffeGraphReader() : Reader("prototxt")
{
    public override IReadOnlyList<byte[]> Seeds { get; } = [.. new[]
    {
        TinyNetwork.Prototxt,
        """
        name: "old" input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8 # a comment
        layers { name: "c" type: CONVOLUTION bottom: "data" top: "c" blobs_lr: 1 convolution_param { num_output: 4 kernel_h: 3 kernel_w: 1 stride: 2 group: 1 } }
        layers { name: "n" type: LRN bottom: "c" top: "n" lrn_param { local_size: 5 alpha: 1e-4 beta: 0.75 } }
        layers { name: "p" type: SOFTMAX bottom: "n" top: "p" include: { phase: TEST } }
        """,
        """
        layer { name: "data" type: "Input" top: "data" input_param { shape: { dim: [1, 2, 6, 6] } } }
        layer { name: "bn" type: "BatchNorm" bottom: "data" top: "bn" batch_norm_param { eps: 1e-5 } }
        layer { name: "s" type: "Scale" bottom: "bn" top: "s" scale_param { bias_term: true } }
        layer { name: "e" type: "Eltwise" bottom: "s" bottom: "data" top: "e" eltwise_param { operation: SUM } }
        layer { name: "cat" type: "Concat" bottom: "e" bottom: "data" top: "cat" concat_param { axis: 1 } }
        layer { name: "f" type: "Flatten" bottom: "cat" top: "f" flatten_param { axis: 1 end_axis: -1 } }
        layer { name: "r" type: "Reshape" bottom: "f" top: "r" reshape_param { shape { dim: 0 dim: 4 dim: -1 dim: 6 } } }
        layer { name: "g" type: "Pooling" bottom: "r" top: "g" pooling_param { pool: AVE global_pooling: true } }
        layer { name: "d" type: "Dropout" bottom: "g" top: "g" dropout_param { dropout_ratio: 0.5 } }
        layer { name: "x" type: "Split" bottom: "g" top: "x1" top: "x2" }
        """,
    }.Select(Encoding.UTF8.GetBytes)];

    public override IReadOnlyList<Mutation> Grammar { get; } =
    [
        new TextMutation(
            "layer", "layers", "name", "type", "bottom", "top", "\"Convolution\"", "\"Pooling\"", "\"Concat\"", "\"Flatten\"", "\"Reshape\"", "\"Clip\"", "\"Data\"", "\"LRN\"", "\"Bias\"", "\"ReLU6\"", "dim", "dim: 0", "dim: -1", "axis: -3",
            "kernel_size: 3", "stride: 2147483647", "pad: 2147483647", "num_output: 2147483647", "dilation: 9", "group: 2", "include", "exclude", "phase: TEST", "input", "input_dim: 4", "\"data\"", "end_axis: 0", "kernel_size: 2147483647"),
    ];

    public override string Read(byte[] input)
        => OnnxGraphReader.Walk(CaffeImporter.Import(PrototxtDocument.Open(Scratch.Write("net.prototxt", input)), 1 + input.Length % 3));
}

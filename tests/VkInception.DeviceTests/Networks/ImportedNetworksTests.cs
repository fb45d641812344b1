using VkInception.Weights;

namespace VkInception.DeviceTests.Networks;

/// <summary>Published networks from their files, weights included, against their published or recorded results.</summary>
internal sealed class ImportedNetworksTests(DeviceUnderTest target) : DeviceFixture(target)
{
    /// <summary>The bound of the acceptance: a share of the largest value.</summary>
    private const float Tolerance = 1e-4f;

    [TestCase("bvlc_alexnet")]
    [TestCase("densenet121")]
    [TestCase("inception_v1")]
    [TestCase("inception_v2")]
    [TestCase("resnet50")]
    [TestCase("shufflenet")]
    [TestCase("squeezenet")]
    [TestCase("vgg19")]
    [TestCase("zfnet512")]
    public void TheLightModelsOfOnnxGiveTheirOutputs(string name)
    {
        // Element i of n is i / n in float32 (the data's README).
        const int Count = 3 * 224 * 224;
        float[] input = [.. Enumerable.Range(0, Count).Select(i => i / (float)Count)];
        AssertClose(Run(SharedData($"onnx/light/light_{name}.onnx"), null, input, 1), ReadTensorProto(SharedData($"onnx/light/light_{name}_output_0.pb")));
    }

    [TestCase("onnx/googlenet_imagenet.onnx", null, "onnx/googlenet_imagenet_input.npy", "onnx/googlenet_imagenet_logits.npy", null)]
    [TestCase("caffe/squeezenet_v1.0/deploy.prototxt", "caffe/squeezenet_v1.0.caffemodel", "caffe/squeezenet_v1.0_input.npy", "caffe/squeezenet_v1.0_logits.npy", null)]
    [TestCase("caffe/bvlc_googlenet/train_val.prototxt", "caffe/bvlc_googlenet_seeded.caffemodel", "caffe/bvlc_googlenet_input.npy", "caffe/bvlc_googlenet_logits.npy", null)]
    [TestCase("caffe/bvlc_googlenet/train_val.prototxt", "caffe/bvlc_googlenet_seeded.caffemodel", "caffe/bvlc_googlenet_input.npy", "caffe/bvlc_googlenet_aux1_logits.npy", "loss1/classifier")]
    [TestCase("caffe/bvlc_googlenet/train_val.prototxt", "caffe/bvlc_googlenet_seeded.caffemodel", "caffe/bvlc_googlenet_input.npy", "caffe/bvlc_googlenet_aux2_logits.npy", "loss2/classifier")]
    public void TrainedNetworksGiveTheirLogits(string model, string? weights, string input, string logits, string? output)
    {
        using Checkpoint x = Checkpoint.Open(SharedData(input)), y = Checkpoint.Open(SharedData(logits));
        int batch = x.Tensors[0].Shape[0];
        AssertClose(Run(SharedData(model), weights is null ? null : SharedData(weights), x.Tensors[0].ToFloat32(), batch, output), y.Tensors[0].ToFloat32());
    }

    private float[] Run(string path, string? weights, float[] input, int batch, string? output = null)
    {
        using Model model = Model.Load(path, weights);
        using CompiledModel compiled = model.Compile(Device, new CompileOptions { Batch = batch, Output = output });
        return compiled.Run(input);
    }

    private static string SharedData(string relative)
    {
        string? root = TestContext.CurrentContext.TestDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "VkInception.sln"))) root = Path.GetDirectoryName(root);
        string path = Path.GetFullPath(Path.Combine(root ?? ".", "..", "shared", "data", relative));
        if (!File.Exists(path)) Assert.Ignore($"needs ../shared/data/{relative}, which does not stand beside this checkout");
        return path;
    }

    // A lone TensorProto becomes the one initializer of a model, which the library reads.
    private static float[] ReadTensorProto(string path)
    {
        byte[] graph = Field(5, [.. File.ReadAllBytes(path), .. Field(8, "y"u8.ToArray())]);
        string model = Path.Combine(Path.GetTempPath(), $"vkinception-{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(model, [0x08, 0x07, .. Field(7, graph)]);
        try
        {
            using Checkpoint checkpoint = Checkpoint.Open(model);
            return checkpoint.Tensors[0].ToFloat32();
        }
        finally
        {
            File.Delete(model);
        }
    }

    private static byte[] Field(int number, byte[] content)
    {
        List<byte> bytes = [(byte)((number << 3) | 2)];
        for (int length = content.Length; ; length >>= 7)
        {
            bytes.Add((byte)(length >= 0x80 ? length | 0x80 : length));
            if (length < 0x80) break;
        }
        return [.. bytes, .. content];
    }

    private static void AssertClose(float[] actual, float[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        float largest = expected.Max(Math.Abs), deviation = actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max();
        TestContext.Out.WriteLine($"largest deviation {deviation / largest:E2} of the maximum {largest}");
        Assert.That(deviation, Is.LessThanOrEqualTo(Tolerance * largest));
    }
}

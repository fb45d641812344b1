using System.Collections.Immutable;
using System.Globalization;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Import.Names;
using VkInception.Weights;

namespace VkInception.Tests.GraphFiles;

/// <summary>Checkpoints under other frameworks' names for networks of the zoo; the names are written out here as those frameworks give them.</summary>
[TestFixture]
public sealed class NameMapTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("vkinception").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void DenseNetsOldSpellingIsPutRight()
    {
        using Checkpoint found = Translate("densenet121", "features.denseblock1.denselayer2.norm.1.running_mean 1", "features.denseblock1.denselayer2.conv.2.weight 1,1,3,3", "classifier.weight 1,1");

        Assert.That(found.Tensors.Select(t => t.Name), Is.EquivalentTo(new[] { "features.denseblock1.denselayer2.norm1.running_mean", "features.denseblock1.denselayer2.conv2.weight", "classifier.weight" }));
        Assert.That(found.Notes, Has.Some.Contains("old spelling"));
    }

    [TestCase("vgg16", "conv1_1 features.0|conv1_2 features.2|conv2_1 features.5|conv3_3 features.14|conv5_3 features.28|fc6 classifier.0|fc7 classifier.3|fc8 classifier.6")]
    [TestCase("vgg19", "conv1_1 features.0|conv3_4 features.16|conv5_4 features.34|fc8 classifier.6")]
    [TestCase("squeezenet1_0", "conv1 features.0|fire2/squeeze1x1 features.3.squeeze|fire4/expand3x3 features.5.expand3x3|fire5/squeeze1x1 features.7.squeeze|fire9/expand1x1 features.12.expand1x1|conv10 classifier.1")]
    [TestCase("squeezenet1_1", "fire2/squeeze1x1 features.3.squeeze|fire3/squeeze1x1 features.4.squeeze|fire4/squeeze1x1 features.6.squeeze|fire9/expand1x1 features.12.expand1x1")]
    public void CaffesLayersAreTorchvisions(string model, string pairs)
    {
        string[][] layers = [.. pairs.Split('|').Select(p => p.Split(' '))];

        // Their first extents tell the tensors apart, whatever order the file has.
        using Checkpoint found = Translate(model, [.. layers.Select((l, i) => $"{l[0]}.weight {i + 1},1,2,1")]);

        Assert.That(found.Tensors.OrderBy(t => t.Shape[0]).Select(t => t.Name), Is.EqualTo(layers.Select(l => l[1] + ".weight")));
        Assert.That(found.Notes, Has.Some.Contains("BGR"));
    }

    [Test]
    public void SlimsInceptionV3IsMappedWhole()
    {
        using Checkpoint found = Translate("inception_v3", [.. Slim("InceptionV3", SlimV3), "InceptionV3/Logits/Conv2d_1c_1x1/weights 1,1,2,3", "InceptionV3/Logits/Conv2d_1c_1x1/biases 3", "InceptionV3/AuxLogits/Conv2d_2b_1x1/weights 1,1,2,3", "InceptionV3/AuxLogits/Conv2d_2b_1x1/biases 3", "global_step 1", "InceptionV3/Conv2d_1a_3x3/weights/RMSProp 1"]);

        AssertComplete("inception_v3", found);
        Assert.Multiple(() =>
        {
            Assert.That(found.TryGet("fc.weight", out NamedTensor? fc) ? fc.Shape : [], Is.EqualTo(new[] { 3, 2 }));
            Assert.That(found.Notes, Has.Some.Contains("96 batch norms have no gamma").And.Some.Contains("dropped: InceptionV3/Conv2d_1a_3x3/weights/RMSProp, global_step"));
        });
    }

    [Test]
    public void SlimsInceptionV4IsMappedWholeWithoutItsAuxiliaryHead()
    {
        using Checkpoint found = Translate("inception_v4", [.. Slim("InceptionV4", SlimV4), "InceptionV4/Logits/Logits/weights 2,3", "InceptionV4/Logits/Logits/biases 3", "InceptionV4/AuxLogits/Aux_logits/weights 2,3"]);

        AssertComplete("inception_v4", found);
        Assert.That(found.Notes, Has.Some.Contains("dropped: InceptionV4/AuxLogits/Aux_logits/weights"));
    }

    /// <summary>In older Keras the first layer is number 1, in newer ones it has none; in a session that made other networks before, any.</summary>
    [TestCase(1, ":0"), TestCase(0, ""), TestCase(95, "")]
    public void KerasInceptionV3IsMappedByItsNumbers(int first, string suffix)
    {
        string Numbered(string kind, int i) => first + i == 0 ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind}_{first + i}");
        string[] tensors = [.. KerasKernels.SelectMany((k, i) => new[]
        {
            $"{Numbered("conv2d", i)}/kernel{suffix} {k.Replace('x', ',')},1,1", $"{Numbered("batch_normalization", i)}/beta{suffix} 1",
            $"{Numbered("batch_normalization", i)}/moving_mean{suffix} 1", $"{Numbered("batch_normalization", i)}/moving_variance{suffix} 1",
        })];

        using Checkpoint found = Translate("inception_v3", [.. tensors, $"predictions/kernel{suffix} 2,3", $"predictions/bias{suffix} 3"]);

        Assert.That(KerasKernels, Has.Length.EqualTo(94));
        AssertComplete("inception_v3", found, without: "AuxLogits.");
    }

    /// <summary>Layers under their places in the model: by kind in Keras 3 and what TensorFlow 2.13 wrote before it, all together in TensorFlow 2's checkpoints of objects.</summary>
    [TestCase("layers/", TestName = "Keras 3"), TestCase("_layer_checkpoint_dependencies/", TestName = "TensorFlow 2.13"), TestCase("", TestName = "TensorFlow 2"), TestCase("model/", TestName = "TensorFlow 2, within a checkpoint")]
    public void KerasInceptionV3IsMappedByItsPlaces(string prefix)
    {
        bool isObjects = prefix is "" or "model/";
        string[] own = [.. InceptionLayout.StemV3, .. InceptionLayout.ModulesV3.SelectMany(m => m.Branches.SelectMany(b => b).Select(c => $"{m.Module}.{c}"))];
        var tensors = new List<string>();
        var counts = new Dictionary<char, int> { ['c'] = 0, ['b'] = 0 };
        foreach ((char kind, int made) in KerasPlaces)
        {
            int number = isObjects ? counts.Values.Sum() : counts[kind];
            string Name(int v, string part) => isObjects ? $"{prefix}layer_with_weights-{number}/{part}/.ATTRIBUTES/VARIABLE_VALUE"
                : $"{prefix}{(kind == 'c' ? "conv2d" : "batch_normalization")}{(number == 0 ? "" : $"_{number}")}/vars/{v}";
            // An extent tells which layer it was that Keras made.
            if (kind == 'c') tensors.Add($"{Name(0, "kernel")} {KerasKernels[made].Replace('x', ',')},{made + 1},1");
            else tensors.AddRange([$"{Name(0, "beta")} {made + 1}", $"{Name(1, "moving_mean")} {made + 1}", $"{Name(2, "moving_variance")} {made + 1}"]);
            counts[kind]++;
        }
        tensors.AddRange(isObjects
            ? [$"{prefix}layer_with_weights-188/kernel/.ATTRIBUTES/VARIABLE_VALUE 2,3", $"{prefix}layer_with_weights-188/bias/.ATTRIBUTES/VARIABLE_VALUE 3", "save_counter/.ATTRIBUTES/VARIABLE_VALUE 1", $"{prefix}layer_with_weights-0/kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE 1"]
            : [$"{prefix}dense/vars/0 2,3", $"{prefix}dense/vars/1 3", "optimizer/vars/0 1", "optimizer/vars/1 1"]);

        using Checkpoint found = Translate("inception_v3", [.. tensors]);

        AssertComplete("inception_v3", found, without: "AuxLogits.");
        Assert.Multiple(() =>
        {
            for (int made = 0; made < own.Length; made++)
            {
                Assert.That(found.Tensors.Single(t => t.Name == own[made] + ".conv.weight").Shape[1], Is.EqualTo(made + 1), own[made]);
                Assert.That(found.Tensors.Single(t => t.Name == own[made] + ".bn.running_var").Shape[0], Is.EqualTo(made + 1), own[made]);
            }
            Assert.That(found.Notes, Has.Some.Contains("their places in the model").And.Some.Contains("dropped: 2 tensors of the optimizer's state"));
        });
    }

    [Test]
    public void ANormsGammaComesFirstInKeras3()
    {
        string[] parts = [.. Enumerable.Range(0, 4).Select(v => $"layers/batch_normalization/vars/{v} {v + 1}")];
        using Checkpoint found = Translate("inception_v3", parts);

        Assert.That(found.Tensors.OrderBy(t => t.Shape[0]).Select(t => t.Name), Is.EqualTo(new[] { "Conv2d_1a_3x3.bn.weight", "Conv2d_1a_3x3.bn.bias", "Conv2d_1a_3x3.bn.running_mean", "Conv2d_1a_3x3.bn.running_var" }));
    }

    [TestCase("layers/conv2d/vars/0"), TestCase("model/layer_with_weights-0/kernel/.ATTRIBUTES/VARIABLE_VALUE")]
    public void AnotherNetworkOfKerasIsRefusedWithWhatItIs(string name)
    {
        string file = Path.Combine(folder, "foreign.safetensors");
        SafetensorsWriter.Write(file, [Tensor(name + " 1,1,1,1")], new Dictionary<string, string>());
        Assert.That(() => Model.Load("resnet18", file), Weights.Refuses.With(ErrorCode.WeightMismatch, "does not fit resnet18", "places in a Keras model", "safetensors"));
    }

    [Test]
    public void KerasInceptionV3IsMappedFromTensorFlowsJavaScript()
    {
        File.WriteAllText(Path.Combine(folder, "model.json"), """
            {"format":"layers-model","weightsManifest":[{"paths":["group1-shard1of1.bin"],"weights":[
              {"name":"conv2d_95/kernel","shape":[1,1,2,1],"dtype":"float32"},{"name":"batch_normalization_95/moving_mean","shape":[1],"dtype":"float32"},
              {"name":"predictions/kernel","shape":[1,2],"dtype":"float32"},{"name":"predictions/bias","shape":[2],"dtype":"float32"}]}]}
            """);
        var weights = new byte[4 * 7];
        Buffer.BlockCopy(new float[] { 1, 2, 3, 4, 5, 6, 7 }, 0, weights, 0, weights.Length);
        File.WriteAllBytes(Path.Combine(folder, "group1-shard1of1.bin"), weights);
        using Model model = Model.Load("inception_v3");
        using Checkpoint found = model.OpenWeights(Path.Combine(folder, "model.json"));

        Assert.Multiple(() =>
        {
            Assert.That(found.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "Conv2d_1a_3x3.conv.weight", "Conv2d_1a_3x3.bn.running_mean", "fc.weight", "fc.bias", "Conv2d_1a_3x3.bn.weight" }));
            Assert.That(found.Tensors[0].Shape, Is.EqualTo(new[] { 1, 2, 1, 1 }));
            Assert.That(found.Tensors[2].ToFloat32(), Is.EqualTo(new float[] { 4, 5 }));
            Assert.That(found.Tensors[4].ToFloat32(), Is.All.EqualTo(1f));
        });
    }

    [Test]
    public void FiltersAreTransposed()
    {
        string file = Path.Combine(folder, "w.safetensors");
        float[] hwio = [.. Enumerable.Range(0, 2 * 3 * 4 * 5).Select(i => (float)i)];
        SafetensorsWriter.Write(file, [NamedTensor.FromFloat32("InceptionV3/Conv2d_1a_3x3/weights", [2, 3, 4, 5], hwio)], new Dictionary<string, string>());
        using Model model = Model.Load("inception_v3");
        using Checkpoint found = model.OpenWeights(file);

        Assert.That(found.TryGet("Conv2d_1a_3x3.conv.weight", out NamedTensor? filter), Is.True);
        float[] oihw = filter!.ToFloat32();
        Assert.Multiple(() =>
        {
            Assert.That(filter.Shape, Is.EqualTo(new[] { 5, 4, 2, 3 }));
            for (int o = 0; o < 5; o++)
                for (int i = 0; i < 4; i++)
                    for (int h = 0; h < 2; h++)
                        for (int w = 0; w < 3; w++)
                            Assert.That(oihw[(((((o * 4) + i) * 2) + h) * 3) + w], Is.EqualTo(hwio[(((((h * 3) + w) * 4) + i) * 5) + o]));
        });
    }

    [Test]
    public void AFrozenTensorFlowGraphIsRead()
    {
        string file = Path.Combine(folder, "frozen.pb");
        File.WriteAllBytes(file, Graph(
            Constant("InceptionV3/Conv2d_1a_3x3/weights", 1, [1, 1, 1, 2], [3, 4]), Constant("InceptionV3/Conv2d_1a_3x3/BatchNorm/beta", 1, [2], [5, 6]),
            Constant("InceptionV3/Predictions/Shape", 3, [2], [7, 8]), Constant("InceptionV3/InceptionV3/Conv2d_1a_3x3/BatchNorm/batchnorm/add/y", 1, [], [0.001f])));
        using Model model = Model.Load("inception_v3");
        using Checkpoint found = model.OpenWeights(file);

        Assert.Multiple(() =>
        {
            Assert.That(found.Format, Is.EqualTo("tensorflow"));
            Assert.That(found.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "Conv2d_1a_3x3.conv.weight", "Conv2d_1a_3x3.bn.bias", "Conv2d_1a_3x3.bn.weight" }));
            Assert.That(found.Tensors[0].Shape, Is.EqualTo(new[] { 2, 1, 1, 1 }));
            Assert.That(found.Tensors[0].ToFloat32(), Is.EqualTo(new float[] { 3, 4 }));
            Assert.That(found.Notes, Has.Some.Contains("1 constants of whole numbers").And.Some.Contains("batchnorm/add/y"));
        });
    }

    [TestCase(3, 2), TestCase(-1, 2), TestCase(int.MaxValue, 1)]
    public void AFrozenGraphWhoseShapeAndBytesContradictIsDamaged(int extent, int floats)
    {
        string file = Path.Combine(folder, "frozen.pb");
        File.WriteAllBytes(file, Graph(Constant("w", 1, [extent], new float[floats])));

        Assert.That(() => Checkpoint.Open(file), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.FileDamaged));
    }

    private static byte[] Graph(params WireWriter[] nodes) => nodes.Aggregate(new WireWriter(), (graph, node) => graph.Message(1, node)).ToArray();

    private static WireWriter Constant(string name, int type, long[] shape, float[] values)
    {
        WireWriter dims = shape.Aggregate(new WireWriter(), (w, d) => w.Message(2, new WireWriter().Varint(1, d)));
        var content = new byte[4 * values.Length];
        Buffer.BlockCopy(values, 0, content, 0, content.Length);
        WireWriter tensor = new WireWriter().Varint(1, type).Message(2, dims).Raw(4, content);
        return new WireWriter().Text(1, name).Text(2, "Const").Message(5, new WireWriter().Text(1, "value").Message(2, new WireWriter().Message(8, tensor)));
    }

    [Test]
    public void AnotherNetworksNamesStayAsTheyAre()
    {
        using Checkpoint found = Translate("resnet18", "conv1_1.weight 1,1,1,1", "InceptionV3/Conv2d_1a_3x3/weights 1,1,1,1");

        Assert.That(found.Tensors.Select(t => t.Name), Is.EquivalentTo(new[] { "conv1_1.weight", "InceptionV3/Conv2d_1a_3x3/weights" }));
    }

    [Test]
    public void TwoTensorsForOneParameterAreRefused()
        => Assert.That(() => Translate("densenet121", "features.denseblock1.denselayer1.norm.1.weight 1", "features.denseblock1.denselayer1.norm1.weight 1"),
            Throws.TypeOf<VkInceptionException>().With.Message.Contains("two tensors named"));

    /// <summary>Every parameter of the network is there once, and every filter has the kernel that the foreign name states.</summary>
    private static void AssertComplete(string model, Checkpoint found, string without = "none")
    {
        using Model loaded = Model.Load(model);
        Parameter[] wanted = [.. loaded.Network().Parameters.Where(p => !p.Name.StartsWith(without, StringComparison.Ordinal))];
        Assert.That(found.Tensors.Select(t => t.Name).Order(), Is.EqualTo(wanted.Select(p => p.Name).Order()));
        Assert.Multiple(() =>
        {
            foreach (Parameter filter in wanted.Where(p => p.Shape.Rank == 4))
                Assert.That(found.Tensors.Single(t => t.Name == filter.Name).Shape[2..], Is.EqualTo(filter.Shape.Dims[2..]), filter.Name);
        });
    }

    /// <summary>Slim's tensors of convolutions given as <c>path=kernel</c>, or as paths that end in their kernel; batch norms without gamma.</summary>
    private static IEnumerable<string> Slim(string scope, string convolutions)
    {
        foreach (string convolution in convolutions.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            string[] stated = convolution.Split('=');
            string path = $"{scope}/{stated[0]}", kernel = stated.Length > 1 ? stated[1] : stated[0][(stated[0].LastIndexOf('_') + 1)..];
            yield return $"{path}/weights {kernel.Replace('x', ',')},1,1";
            foreach (string part in (string[])["beta", "moving_mean", "moving_variance"]) yield return $"{path}/BatchNorm/{part} 1";
        }
    }

    private Checkpoint Translate(string model, params string[] tensors)
    {
        string file = Path.Combine(folder, "foreign.safetensors");
        SafetensorsWriter.Write(file, tensors.Select(Tensor), new Dictionary<string, string>());
        using Model loaded = Model.Load(model);
        return loaded.OpenWeights(file);
    }

    private static NamedTensor Tensor(string text)
    {
        int blank = text.LastIndexOf(' ');
        ImmutableArray<int> shape = [.. text[(blank + 1)..].Split(',').Select(d => int.Parse(d, CultureInfo.InvariantCulture))];
        return NamedTensor.FromFloat32(text[..blank], shape, new float[shape.Aggregate(1, (a, b) => a * b)]);
    }

    private const string SlimV3 = """
        Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3 Conv2d_3b_1x1 Conv2d_4a_3x3
        Mixed_5b/Branch_0/Conv2d_0a_1x1 Mixed_5b/Branch_1/Conv2d_0a_1x1 Mixed_5b/Branch_1/Conv2d_0b_5x5
        Mixed_5b/Branch_2/Conv2d_0a_1x1 Mixed_5b/Branch_2/Conv2d_0b_3x3 Mixed_5b/Branch_2/Conv2d_0c_3x3 Mixed_5b/Branch_3/Conv2d_0b_1x1
        Mixed_5c/Branch_0/Conv2d_0a_1x1 Mixed_5c/Branch_1/Conv2d_0b_1x1 Mixed_5c/Branch_1/Conv_1_0c_5x5
        Mixed_5c/Branch_2/Conv2d_0a_1x1 Mixed_5c/Branch_2/Conv2d_0b_3x3 Mixed_5c/Branch_2/Conv2d_0c_3x3 Mixed_5c/Branch_3/Conv2d_0b_1x1
        Mixed_5d/Branch_0/Conv2d_0a_1x1 Mixed_5d/Branch_1/Conv2d_0a_1x1 Mixed_5d/Branch_1/Conv2d_0b_5x5
        Mixed_5d/Branch_2/Conv2d_0a_1x1 Mixed_5d/Branch_2/Conv2d_0b_3x3 Mixed_5d/Branch_2/Conv2d_0c_3x3 Mixed_5d/Branch_3/Conv2d_0b_1x1
        Mixed_6a/Branch_0/Conv2d_1a_1x1=3x3 Mixed_6a/Branch_1/Conv2d_0a_1x1 Mixed_6a/Branch_1/Conv2d_0b_3x3 Mixed_6a/Branch_1/Conv2d_1a_1x1=3x3
        Mixed_6b/Branch_0/Conv2d_0a_1x1 Mixed_6b/Branch_1/Conv2d_0a_1x1 Mixed_6b/Branch_1/Conv2d_0b_1x7 Mixed_6b/Branch_1/Conv2d_0c_7x1
        Mixed_6b/Branch_2/Conv2d_0a_1x1 Mixed_6b/Branch_2/Conv2d_0b_7x1 Mixed_6b/Branch_2/Conv2d_0c_1x7 Mixed_6b/Branch_2/Conv2d_0d_7x1 Mixed_6b/Branch_2/Conv2d_0e_1x7 Mixed_6b/Branch_3/Conv2d_0b_1x1
        Mixed_6c/Branch_0/Conv2d_0a_1x1 Mixed_6c/Branch_1/Conv2d_0a_1x1 Mixed_6c/Branch_1/Conv2d_0b_1x7 Mixed_6c/Branch_1/Conv2d_0c_7x1
        Mixed_6c/Branch_2/Conv2d_0a_1x1 Mixed_6c/Branch_2/Conv2d_0b_7x1 Mixed_6c/Branch_2/Conv2d_0c_1x7 Mixed_6c/Branch_2/Conv2d_0d_7x1 Mixed_6c/Branch_2/Conv2d_0e_1x7 Mixed_6c/Branch_3/Conv2d_0b_1x1
        Mixed_6d/Branch_0/Conv2d_0a_1x1 Mixed_6d/Branch_1/Conv2d_0a_1x1 Mixed_6d/Branch_1/Conv2d_0b_1x7 Mixed_6d/Branch_1/Conv2d_0c_7x1
        Mixed_6d/Branch_2/Conv2d_0a_1x1 Mixed_6d/Branch_2/Conv2d_0b_7x1 Mixed_6d/Branch_2/Conv2d_0c_1x7 Mixed_6d/Branch_2/Conv2d_0d_7x1 Mixed_6d/Branch_2/Conv2d_0e_1x7 Mixed_6d/Branch_3/Conv2d_0b_1x1
        Mixed_6e/Branch_0/Conv2d_0a_1x1 Mixed_6e/Branch_1/Conv2d_0a_1x1 Mixed_6e/Branch_1/Conv2d_0b_1x7 Mixed_6e/Branch_1/Conv2d_0c_7x1
        Mixed_6e/Branch_2/Conv2d_0a_1x1 Mixed_6e/Branch_2/Conv2d_0b_7x1 Mixed_6e/Branch_2/Conv2d_0c_1x7 Mixed_6e/Branch_2/Conv2d_0d_7x1 Mixed_6e/Branch_2/Conv2d_0e_1x7 Mixed_6e/Branch_3/Conv2d_0b_1x1
        Mixed_7a/Branch_0/Conv2d_0a_1x1 Mixed_7a/Branch_0/Conv2d_1a_3x3
        Mixed_7a/Branch_1/Conv2d_0a_1x1 Mixed_7a/Branch_1/Conv2d_0b_1x7 Mixed_7a/Branch_1/Conv2d_0c_7x1 Mixed_7a/Branch_1/Conv2d_1a_3x3
        Mixed_7b/Branch_0/Conv2d_0a_1x1 Mixed_7b/Branch_1/Conv2d_0a_1x1 Mixed_7b/Branch_1/Conv2d_0b_1x3 Mixed_7b/Branch_1/Conv2d_0b_3x1
        Mixed_7b/Branch_2/Conv2d_0a_1x1 Mixed_7b/Branch_2/Conv2d_0b_3x3 Mixed_7b/Branch_2/Conv2d_0c_1x3 Mixed_7b/Branch_2/Conv2d_0d_3x1 Mixed_7b/Branch_3/Conv2d_0b_1x1
        Mixed_7c/Branch_0/Conv2d_0a_1x1 Mixed_7c/Branch_1/Conv2d_0a_1x1 Mixed_7c/Branch_1/Conv2d_0b_1x3 Mixed_7c/Branch_1/Conv2d_0c_3x1
        Mixed_7c/Branch_2/Conv2d_0a_1x1 Mixed_7c/Branch_2/Conv2d_0b_3x3 Mixed_7c/Branch_2/Conv2d_0c_1x3 Mixed_7c/Branch_2/Conv2d_0d_3x1 Mixed_7c/Branch_3/Conv2d_0b_1x1
        AuxLogits/Conv2d_1b_1x1 AuxLogits/Conv2d_2a_5x5
        """;

    private static string SlimV4 => string.Join(' ', (string[])
    [
        "Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3 Mixed_3a/Branch_1/Conv2d_0a_3x3",
        "Mixed_4a/Branch_0/Conv2d_0a_1x1 Mixed_4a/Branch_0/Conv2d_1a_3x3 Mixed_4a/Branch_1/Conv2d_0a_1x1 Mixed_4a/Branch_1/Conv2d_0b_1x7 Mixed_4a/Branch_1/Conv2d_0c_7x1 Mixed_4a/Branch_1/Conv2d_1a_3x3",
        "Mixed_5a/Branch_0/Conv2d_1a_3x3",
        .. "bcde".Select(l => Each($"Mixed_5{l}", "0/Conv2d_0a_1x1 1/Conv2d_0a_1x1 1/Conv2d_0b_3x3 2/Conv2d_0a_1x1 2/Conv2d_0b_3x3 2/Conv2d_0c_3x3 3/Conv2d_0b_1x1")),
        Each("Mixed_6a", "0/Conv2d_1a_3x3 1/Conv2d_0a_1x1 1/Conv2d_0b_3x3 1/Conv2d_1a_3x3"),
        .. "bcdefgh".Select(l => Each($"Mixed_6{l}", "0/Conv2d_0a_1x1 1/Conv2d_0a_1x1 1/Conv2d_0b_1x7 1/Conv2d_0c_7x1 2/Conv2d_0a_1x1 2/Conv2d_0b_7x1 2/Conv2d_0c_1x7 2/Conv2d_0d_7x1 2/Conv2d_0e_1x7 3/Conv2d_0b_1x1")),
        Each("Mixed_7a", "0/Conv2d_0a_1x1 0/Conv2d_1a_3x3 1/Conv2d_0a_1x1 1/Conv2d_0b_1x7 1/Conv2d_0c_7x1 1/Conv2d_1a_3x3"),
        .. "bcd".Select(l => Each($"Mixed_7{l}", "0/Conv2d_0a_1x1 1/Conv2d_0a_1x1 1/Conv2d_0b_1x3 1/Conv2d_0c_3x1 2/Conv2d_0a_1x1 2/Conv2d_0b_3x1 2/Conv2d_0c_1x3 2/Conv2d_0d_1x3 2/Conv2d_0e_3x1 3/Conv2d_0b_1x1")),
    ]);

    private static string Each(string module, string branches) => string.Join(' ', branches.Split(' ').Select(b => $"{module}/Branch_{b}"));

    /// <summary>
    /// Convolutions and batch norms with weights as <c>model.summary()</c> of Keras' InceptionV3 lists them, by the number that each was made with: a module's in the
    /// order of its concatenation, c0 the first.
    /// </summary>
    private static IEnumerable<(char Kind, int Made)> KerasPlaces
    {
        get
        {
            const string A = "c3 b3 c1 c4 b1 b4 c0 c2 c5 c6 b0 b2 b5 b6", B = "c1 b1 c2 b2 c0 c3 b0 b3", C = "c4 b4 c5 b5 c1 c6 b1 b6 c2 c7 b2 b7 c0 c3 c8 c9 b0 b3 b8 b9",
                D = "c2 b2 c3 b3 c0 c4 b0 b4 c1 c5 b1 b5", E = "c4 b4 c1 c5 b1 b5 c2 c3 c6 c7 c0 b2 b3 b6 b7 c8 b0 b8";
            int first = 0;
            foreach (string module in (string[])["c0 b0 c1 b1 c2 b2 c3 b3 c4 b4", A, A, A, B, C, C, C, C, D, E, E])
            {
                string[] layers = module.Split(' ');
                foreach (string layer in layers) yield return (layer[0], first + layer[1] - '0');
                first += layers.Length / 2;
            }
        }
    }

    /// <summary>Kernels in the order in which Keras makes the layers.</summary>
    private static string[] KerasKernels { get; } =
    [
        "3x3", "3x3", "3x3", "1x1", "3x3",
        .. Enumerable.Repeat<string[]>(["1x1", "1x1", "5x5", "1x1", "3x3", "3x3", "1x1"], 3).SelectMany(k => k),
        "3x3", "1x1", "3x3", "3x3",
        .. Enumerable.Repeat<string[]>(["1x1", "1x1", "1x7", "7x1", "1x1", "7x1", "1x7", "7x1", "1x7", "1x1"], 4).SelectMany(k => k),
        "1x1", "3x3", "1x1", "1x7", "7x1", "3x3",
        .. Enumerable.Repeat<string[]>(["1x1", "1x1", "1x3", "3x1", "1x1", "3x3", "1x3", "3x1", "1x1"], 2).SelectMany(k => k),
    ];
}

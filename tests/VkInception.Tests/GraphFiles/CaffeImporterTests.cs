using System.Text;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Import;
using VkInception.Tests.House;
using VkInception.Weights;

namespace VkInception.Tests.GraphFiles;

public class CaffeImporterTests
{
    private const string Data = "name: 'net' input: 'data' input_shape { dim: 9 dim: 2 dim: 3 dim: 3 }\n";

    [Test]
    public void V1LayersAndLegacyInputsAreImported()
    {
        Network network = Import("""
            input: "data" input_dim: 10 input_dim: 1 input_dim: 2 input_dim: 2
            layers { name: "c" type: CONVOLUTION bottom: "data" top: "c" convolution_param { num_output: 2 kernel_size: 1 } }
            layers { name: "r" type: RELU bottom: "c" top: "c" }
            layers { name: "fc" type: INNER_PRODUCT bottom: "c" top: "fc" inner_product_param { num_output: 2 bias_term: false } }
            layers { name: "p" type: SOFTMAX bottom: "fc" top: "p" }
            """);
        // c = relu([x; 1 - x]) for weights 1, -1 and biases 0, 1; fc sums the pixels of either channel.
        double[] logits = Run(network, network.Outputs[0], i => i / 4f, p => p.Name switch
        {
            "c.weight" => [1, -1],
            "c.bias" => [0, 1],
            _ => [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1],
        });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Inputs[0].Shape, Is.EqualTo(new[] { 1, 1, 2, 2 }));
            Assert.That(logits, Is.EqualTo(new[] { 1.5, 2.5 }));
            Assert.That(network.Parameters.Select(p => p.ToString()), Is.EqualTo(new[] { "c.weight 2×1×1×1", "c.bias 2", "fc.weight 2×8" }));
            Assert.That(network.Outputs.Select(o => o.Name), Is.EqualTo(new[] { "fc", "p" }));
        }
    }

    [Test]
    public void PoolingRoundsUpAndAveragesOverThePaddedWindow()
    {
        Network network = Import("""
            input: "data" input_shape { dim: 1 dim: 1 dim: 4 dim: 4 }
            layer { name: "ave" type: "Pooling" bottom: "data" top: "ave" pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 } }
            layer { name: "max" type: "Pooling" bottom: "data" top: "max" pooling_param { pool: MAX kernel_size: 3 stride: 2 } }
            layer { name: "all" type: "Pooling" bottom: "data" top: "all" pooling_param { pool: AVE global_pooling: true } }
            """);
        using (Assert.EnterMultipleScope())
        {
            // By Caffe's loops: the divisor is the window cut at height + pad, so the last row of windows counts 2 of its 3 rows.
            Assert.That(Run(network, network.Find("ave"), i => i, _ => []), Is.EqualTo(new[] { 10 / 9.0, 24 / 9.0, 10 / 6.0, 51 / 9.0, 90 / 9.0, 33 / 6.0, 25 / 6.0, 42 / 6.0, 15 / 4.0 }).Within(1e-12));
            Assert.That(Run(network, network.Find("max"), i => i, _ => []), Is.EqualTo(new double[] { 10, 11, 14, 15 }));
            Assert.That(Run(network, network.Find("all"), i => i, _ => []), Is.EqualTo(new[] { 7.5 }));
        }
    }

    [Test]
    public void BatchNormAndScaleUseTheStatisticsOverTheirFactor()
    {
        Network network = Import(Data + """
            layer { name: "bn" type: "BatchNorm" bottom: "data" top: "bn" batch_norm_param { eps: 0.5 } }
            layer { name: "sc" type: "Scale" bottom: "bn" top: "bn" scale_param { bias_term: true } }
            """);
        double[] y = Run(network, network.Outputs[0], i => i, p => p.Name switch
        {
            "bn.mean" => [8, 16],
            "bn.variance" => [2, 14],
            "bn.scale_factor" => [4],
            "sc.weight" => [3, 4],
            _ => [5, 6],
        });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(y[3], Is.EqualTo((3 - 2.0) / Math.Sqrt(0.5 + 0.5) * 3 + 5).Within(1e-9));
            Assert.That(y[9], Is.EqualTo((9 - 4.0) / Math.Sqrt(3.5 + 0.5) * 4 + 6).Within(1e-9));
            Assert.That(network.Parameters.SelectMany(p => p.Loaded()).Select(p => p.Name).Distinct(), Is.EquivalentTo(new[] { "bn.mean", "bn.variance", "bn.scale_factor", "sc.weight", "sc.bias" }));
        }
    }

    [Test]
    public void RectangularWindowsConcatEltwiseAndReshapesAreImported()
    {
        Network network = Import(Data + """
            layer { name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 2 kernel_h: 1 kernel_w: 3 pad_h: 0 pad_w: 1 group: 2 bias_term: false } }
            layer { name: "s" type: "Split" bottom: "c" top: "s1" top: "s2" }
            layer { name: "e" type: "Eltwise" bottom: "s1" bottom: "s2" bottom: "data" top: "e" }
            layer { name: "k" type: "Concat" bottom: "e" bottom: "s2" top: "k" }
            layer { name: "d" type: "Dropout" bottom: "k" top: "k" }
            layer { name: "f" type: "Flatten" bottom: "k" top: "f" flatten_param { axis: 2 } }
            layer { name: "r" type: "Reshape" bottom: "f" top: "r" reshape_param { shape { dim: 0 dim: -1 dim: 3 } } }
            """, batch: 2);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Find("k").Shape, Is.EqualTo(new[] { 2, 4, 3, 3 }));
            Assert.That(network.Find("f").Shape, Is.EqualTo(new[] { 2, 4, 9 }));
            Assert.That(network.Outputs.Single().Shape, Is.EqualTo(new[] { 2, 12, 3 }));
            Assert.That(((Conv2d)network.Nodes[0].Op).Window, Is.EqualTo(new Window(1, 3, 1, 1, 0, 1, 0, 1)));
            Assert.That(Run(network, network.Find("e"), i => i, _ => [0, 1, 0, 0, 1, 0])[..3], Is.EqualTo(new double[] { 0, 3, 6 }));
        }
    }

    [Test]
    public void OnlyLayersOfInferenceAreImported()
    {
        Network network = Import("""
            layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TRAIN } transform_param { crop_size: 9 } }
            layer { name: "data" type: "Data" top: "data" top: "label" include { phase: TEST } transform_param { crop_size: 5 force_gray: true } }
            layer { name: "a" type: "ReLU" bottom: "data" top: "a" exclude { phase: TEST } }
            layer { name: "b" type: "ReLU" bottom: "data" top: "b" include { phase: TRAIN } include { phase: TEST not_stage: "x" } }
            layer { name: "c" type: "ReLU" bottom: "data" top: "c" include { stage: "deploy" } }
            layer { name: "loss" type: "SoftmaxWithLoss" bottom: "b" bottom: "label" top: "loss" }
            layer { name: "accuracy" type: "Accuracy" bottom: "b" bottom: "label" top: "accuracy" }
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Inputs.Single().Shape, Is.EqualTo(new[] { 1, 1, 5, 5 }));
            Assert.That(network.Nodes.Select(n => n.Name), Is.EqualTo(new[] { "b", "loss" }));
            Assert.That(network.Outputs.Select(o => o.Name), Is.EqualTo(new[] { "b", "loss" }));
        }
    }

    [Test]
    public void TheLogitsAreFoundBeforeASoftmaxThatIsFlattened()
    {
        Network network = Import(Data + """
            layer { name: "clip" type: "Clip" bottom: "data" top: "clip" clip_param { min: -1 max: 2.5 } }
            layer { name: "prob" type: "Softmax" bottom: "clip" top: "prob" }
            layer { name: "flat" type: "Flatten" bottom: "prob" top: "flat" }
            """);
        Assert.That(network.Outputs.Select(o => o.Name), Is.EqualTo(new[] { "clip", "flat" }));
        Assert.That(network.Nodes[0].Op, Is.EqualTo(new Clip(-1, 2.5f)));
    }

    [Test]
    public void EveryUnsupportedLayerIsNamedAtOnce()
    {
        VkInceptionException e = Refused(Data + """
            layer { name: "s1" type: "Sigmoid" bottom: "data" top: "s1" }
            layer { name: "l" type: "LRN" bottom: "s1" top: "l" lrn_param { norm_region: WITHIN_CHANNEL } }
            layer { name: "l2" type: "LRN" bottom: "data" top: "l2" lrn_param { norm_region: WITHIN_CHANNEL } }
            layer { name: "s2" type: "Sigmoid" bottom: "l2" top: "s2" }
            layer { name: "r" type: "ReLU" bottom: "data" top: "r" relu_param { negative_slope: 0.1 } }
            """);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(e.Code, Is.EqualTo(ErrorCode.UnsupportedOperator));
            Assert.That(e.Message, Is.EqualTo("net.prototxt: uses layers that are not supported: Sigmoid (s1, s2); LRN with norm_region WITHIN_CHANNEL (l2); ReLU with a negative_slope (r)"));
        }
    }

    [TestCase("layer { name: 'c' type: 'Convolution' bottom: 'data' top: 'c' convolution_param { num_output: 2 } }", "net.prototxt:2: 'kernel_size' is missing")]
    [TestCase("layer { name: 'c' type: 'Convolution' bottom: 'data' top: 'c' convolution_param { kernel_size: 1 } }", "has no num_output")]
    [TestCase("layer { name: 'c' type: 'Convolution' bottom: 'data' top: 'c' convolution_param { num_output: 2 kernel_size: 9 } }", "node c (Conv2d of 1×2×3×3)")]
    [TestCase("layer { name: 'c' type: 'ReLU' bottom: 'dat' top: 'c' }", "layer 'c' reads the blob 'dat'")]
    [TestCase("layer { name: 'c' bottom: 'data' top: 'c' }", "layer 'c' has no type")]
    [TestCase("layer { name: 'c' type: 'ReLU' top: 'c' }", "takes one bottom, it has 0")]
    [TestCase("", "no layer that computes")]
    [TestCase("layer { name: 'd' type: 'Data' top: 'd' }", "does not say how large its images are")]
    [TestCase("layer { name: 'c' type: 'Reshape' bottom: 'data' top: 'c' reshape_param { shape { dim: 7 dim: -1 } } }", "layer 'c' (Reshape): the 18 elements of 1×2×3×3")]
    [TestCase("layer { name: 'p' type: 'Pooling' bottom: 'data' top: 'p' pooling_param { kernel_size: 1 stride: 4 } }", "a stride over its kernel")]
    public void AMistakeIsNamedWithItsLayer(string layer, string part)
        => Assert.That(Refused(Data + layer).Message, Does.Contain(part).And.Not.Contains('\n'));

    [Test]
    public void DamagedDefinitionsNeverRaiseAnotherException()
    {
        byte[] good = Encoding.UTF8.GetBytes(Data + """
            layer { name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 4 kernel_size: 3 pad: 1 stride: 2 group: 2 } }
            layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { pool: AVE kernel_size: 2 stride: 2 pad: 1 } }
            layer { name: "bn" type: "BatchNorm" bottom: "p" top: "p" }
            layer { name: "k" type: "Concat" bottom: "p" bottom: "p" top: "k" concat_param { axis: 1 } }
            layer { name: "fc" type: "InnerProduct" bottom: "k" top: "fc" inner_product_param { num_output: 3 } }
            layer { name: "r" type: "Reshape" bottom: "fc" top: "r" reshape_param { shape { dim: 1 dim: -1 } } }
            layer { name: "f" type: "Flatten" bottom: "r" top: "f" flatten_param { axis: 1 } }
            layer { name: "s" type: "Softmax" bottom: "f" top: "s" }
            """);
        foreach (byte[] bad in Damage.Of(good, 3000, seed: 9))
        {
            string text = Encoding.UTF8.GetString(bad);
            Damage.Survives(() => Import(text), text);
        }
    }

    [Test]
    public void ThePublishedDefinitionsSurviveDamage()
    {
        byte[] good = File.ReadAllBytes(Repository.SharedData("caffe/bvlc_googlenet/deploy.prototxt"));
        foreach (byte[] bad in Damage.Of(good, 200, seed: 10))
        {
            string text = Encoding.UTF8.GetString(bad);
            Damage.Survives(() => Import(text), "a damaged deploy.prototxt");
        }
    }

    [Test]
    public void ManyLayersAndAxesTakeNoLongerThanTheyShould()
    {
        string many = Data + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"layer{{type:'ReLU' bottom:'data' top:'{i}'}}"));
        string axes = "input: 'data' input_shape { " + string.Concat(Enumerable.Repeat("dim:1 ", 100_000)) + "}";
        var watch = System.Diagnostics.Stopwatch.StartNew();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Import(many).Outputs, Has.Length.EqualTo(20_000));
            Assert.That(Refused(axes).Message, Does.Contain("100000 dimensions").And.Length.LessThan(200));
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
        }
    }

    private static Network Import(string text, int batch = 1) => CaffeImporter.Import(PrototxtDocument.Parse(text, "net.prototxt"), batch);

    private static VkInceptionException Refused(string text) => Assert.Throws<VkInceptionException>(() => Import(text))!;

    private static double[] Run(Network network, Tensor output, Func<int, float> input, Func<Parameter, float[]> parameters) => HostRun.Evaluate(network, input, output, parameters).Data;
}

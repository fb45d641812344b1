using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Import;
using VkInception.Tests.House;
using VkInception.Weights;

namespace VkInception.Tests.GraphFiles;

/// <summary>The published graphs are translated to their ends: names, shapes, what they multiply.</summary>
public class ImportOfPublishedModelsTests
{
    [TestCase("bvlc_alexnet", 655)]
    [TestCase("densenet121", 2834)]
    [TestCase("inception_v1", 1432)]
    [TestCase("inception_v2", 2019)]
    [TestCase("resnet50", 4089)]
    [TestCase("shufflenet", 125)]
    [TestCase("squeezenet", 349)]
    [TestCase("vgg19", 19632)]
    [TestCase("zfnet512", 1482)]
    public void EveryLightModelOfOnnxIsImported(string name, int millions)
    {
        using OnnxModel model = OnnxModel.Open(Repository.SharedData($"onnx/light/light_{name}.onnx"));
        Network network = OnnxImporter.Import(model, batch: 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Inputs, Has.Length.EqualTo(1));
            Assert.That(network.Inputs[0].Shape, Is.EqualTo(new[] { 1, 3, 224, 224 }));
            Assert.That(network.Outputs[0].Shape.Count, Is.EqualTo(1000));
            Assert.That(network.Outputs[0].Name, Is.EqualTo(model.Graph.Outputs[0].Name));
            Assert.That(network.MultiplyAdds / 1e6, Is.EqualTo(millions).Within(1));
        }
    }

    [Test]
    public void TheTrainedModelIsImportedForAnyBatch()
    {
        using OnnxModel model = OnnxModel.Open(Repository.SharedData("onnx/googlenet_imagenet.onnx"));
        Network network = OnnxImporter.Import(model, batch: 3);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Outputs[0].Shape, Is.EqualTo(new[] { 3, 1000 }));
            Assert.That(network.ParameterCount, Is.EqualTo(model.Graph.Initializers.Sum(t => t.Count)));
            Assert.That(network.Parameters.Select(p => p.Name), Is.EquivalentTo(model.Graph.Initializers.Select(t => t.Name)));
            Assert.That(network.Find("/features/features.6/Concat").Name, Is.EqualTo("/features/features.6/Concat_output_0"));
            Assert.That(network.Parameters[0].Value!.Value.Span.ToArray(), Is.EqualTo(model.Graph.Initializers[0].ToFloat32()));
        }
    }

    [TestCase("bvlc_googlenet", "data", 224, 1_582_671_872, 6_998_552)]
    [TestCase("bvlc_alexnet", "data", 227, 724_406_816, 60_965_224)]
    [TestCase("squeezenet_v1.0", "data", 227, 861_339_936, 1_248_424)]
    public void TheDeployDefinitionsOfCaffeAreImported(string name, string input, int size, long multiplyAdds, long parameters)
    {
        Network network = CaffeImporter.Import(PrototxtDocument.Open(Repository.SharedData($"caffe/{name}/deploy.prototxt")), batch: 2);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Inputs.Single().Name, Is.EqualTo(input));
            Assert.That(network.Inputs[0].Shape, Is.EqualTo(new[] { 2, 3, size, size }));
            Assert.That(network.Outputs[0].Shape.Take(2), Is.EqualTo(new[] { 2, 1000 }));
            Assert.That(network.Find("prob"), Is.SameAs(network.Outputs[1]));
            Assert.That(network.Producer(network.Find("prob"))!.Inputs[0], Is.SameAs(network.Outputs[0]));
            Assert.That(network.MultiplyAdds, Is.EqualTo(2 * multiplyAdds));
            Assert.That(network.ParameterCount, Is.EqualTo(parameters));
        }
    }

    [TestCase("bvlc_googlenet", "bvlc_googlenet_seeded")]
    [TestCase("squeezenet_v1.0", "squeezenet_v1.0")]
    public void TheModelsOfCaffeFitTheirDefinitions(string definition, string weights)
    {
        Network network = CaffeImporter.Import(PrototxtDocument.Open(Repository.SharedData($"caffe/{definition}/deploy.prototxt")), batch: 1);
        using Checkpoint checkpoint = Checkpoint.Open(Repository.SharedData($"caffe/{weights}.caffemodel"));
        foreach (Parameter parameter in network.Parameters)
        {
            Assert.That(checkpoint.TryGet(parameter.Name, out NamedTensor? tensor), parameter.Name);
            Assert.That(tensor!.Shape, Is.EqualTo(parameter.Shape.Dims), parameter.Name);
        }
    }

    [Test]
    public void ABlobIsItsLastWriter()
    {
        Network network = CaffeImporter.Import(PrototxtDocument.Open(Repository.SharedData("caffe/bvlc_googlenet/deploy.prototxt")), batch: 1);
        Assert.That(network.Producer(network.Find("conv1/7x7_s2"))!.Op, Is.InstanceOf<ReLU>());
        Assert.That(network.Find("conv1/relu_7x7"), Is.SameAs(network.Find("conv1/7x7_s2")));
    }

    [Test]
    public void TheTrainingDefinitionIsImportedInItsTestPhase()
    {
        Network network = CaffeImporter.Import(PrototxtDocument.Open(Repository.SharedData("caffe/bvlc_googlenet/train_val.prototxt")), batch: 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.Inputs[0].Shape, Is.EqualTo(new[] { 1, 3, 224, 224 }));
            Assert.That(network.Outputs[0], Is.SameAs(network.Find("loss3/classifier")));
            Assert.That(network.Outputs, Has.Member(network.Find("loss1/classifier")).And.Member(network.Find("loss2/classifier")));
            Assert.That(network.ParameterCount, Is.EqualTo(13_378_280));
        }
    }
}

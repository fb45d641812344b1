using System.Text.Json;
using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Tests.House;
using VkInception.Vulkan;

namespace VkInception.Tests.Cli;

/// <summary><c>classify</c> on real photos with a trained network: the main job.</summary>
public class ClassifyCommandTests
{
    private const int Cats = 281, LastCat = 285;

    [Test]
    public async Task ACatIsACatAndAMissingFileDoesNotStopIt()
    {
        Invocation classified = await ClassifyAsync("--labels", Repository.SharedData("images/synset_words.txt"), Repository.SharedData("images/cat.jpg"), "missing.jpg");

        Assert.That(classified.ExitCode, Is.EqualTo(1), "one of two files is missing");
        Assert.That(classified.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("missing.jpg"));
        JsonElement photo = classified.Json.EnumerateArray().Single();
        JsonElement best = photo.GetProperty("predictions")[0];
        Assert.That(best.GetProperty("index").GetInt32(), Is.InRange(Cats, LastCat));
        Assert.That(best.GetProperty("label").GetString(), Does.Contain("cat"));
    }

    [TestCase(10)]
    public async Task TheProbabilitiesOfTheCropsAreAveraged(int crops)
    {
        string cat = Repository.SharedData("images/cat.jpg"), network = Repository.SharedData("onnx/googlenet_imagenet.onnx");
        Invocation classified = await ClassifyAsync("--crops", $"{crops}", cat);

        using GpuDevice device = GpuDevice.Open();
        using Model model = Model.Load(network);
        using CompiledModel compiled = model.Compile(device, new CompileOptions { Batch = 1 });
        PhotoBatch views = BatchLoader.Load([cat], model.ImageInput, crops: crops);
        int elements = views.Tensor.Length / crops;
        double[] mean = new double[1000];
        for (int view = 0; view < crops; view++)
        {
            float[] probabilities = Prediction.Softmax(compiled.Run(views.Tensor.Span.Slice(view * elements, elements)));
            for (int c = 0; c < mean.Length; c++)
                mean[c] += probabilities[c] / (double)crops;
        }

        JsonElement best = classified.Json[0].GetProperty("predictions")[0];
        int index = Array.IndexOf(mean, mean.Max());
        Assert.That(best.GetProperty("index").GetInt32(), Is.EqualTo(index).And.InRange(Cats, LastCat));
        Assert.That(best.GetProperty("probability").GetDouble(), Is.EqualTo(mean[index]).Within(1e-5));
    }

    private static Task<Invocation> ClassifyAsync(params string[] arguments)
        => Invocation.RunAsync(["classify", "--json", "--model", Repository.SharedData("onnx/googlenet_imagenet.onnx"), .. arguments]);
}

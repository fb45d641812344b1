using VkInception.Graph.Training;
using VkInception.Graph.Training.Optimizers;
using VkInception.Training;

namespace VkInception.DeviceTests.Networks;

/// <summary>Networks of the zoo that are small enough learn one batch by heart: what is between the first layer and the loss has its gradients.</summary>
internal sealed class ZooTrainingTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Steps = 10;

    [TestCase("lenet5", 1, 0.02f)]
    [TestCase("resnet20-cifar", 3, 0.01f)]
    [TestCase("googlenet-torchvision", 3, 0.01f)]
    public void TenStepsHalveTheLossOfOneBatch(string name, int channels, float rate)
    {
        const int batch = 8, size = 32;
        using Model model = Model.Load(name);
        using CompiledTraining training = model.CompileTraining(
            Device, new TrainingOptions { Batch = batch, Height = size, Width = size, Classes = 10, Dropout = false, Optimizer = new Sgd() }, new InitialWeights(model.Card!.Initializer, 7));
        float[] images = new SeededWeights(7).Uniform("input", batch * channels * size * size, Math.Sqrt(3));
        int[] labels = [.. Enumerable.Range(0, batch).Select(n => n * 7 % 10)];
        double[] losses = [.. Enumerable.Range(0, Steps).Select(step => (double)training.Run(images, labels, new StepValues { Number = (uint)step, LossScale = 1, LearningRate = rate }).Loss)];
        TestContext.Out.WriteLine($"losses {string.Join(", ", losses)}");
        Assert.That(losses[^1], Is.LessThan(losses[0] / 2));
    }
}

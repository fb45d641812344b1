using VkInception.DeviceTests.Training;
using VkInception.Graph.Training;
using VkInception.Training;

namespace VkInception.DeviceTests.Lifetime;

/// <summary>The host packs and unpacks while the device works: the same bits as one after the other.</summary>
internal sealed class OverlapTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Pixels = 32 * 32;

    [Test]
    public void RunsThatBeginBeforeOthersEndGiveTheBitsOfOneAfterTheOther()
    {
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        using CompiledModel alone = model.Compile(Device), together = model.Compile(Device, new CompileOptions { RunsInFlight = 3 });
        float[][] images = [.. Enumerable.Range(0, 12).Select(i => new SeededWeights((ulong)i).Uniform("x", Pixels))];
        float[][] expected = [.. images.Select(x => alone.Run(x))];
        Assert.That(together.DeviceBytes - alone.DeviceBytes, Is.EqualTo(2 * sizeof(float) * (Pixels + 10)));

        for (int first = 0; first < images.Length; first += 3)
        {
            ulong before = Device.LastSubmission;
            Task<float[]>[] runs = [.. images.Skip(first).Take(3).Select(x => together.RunAsync(x))];
            Assert.That(Device.LastSubmission - before, Is.EqualTo(3), "all are submitted before any was waited for");
            for (int i = 0; i < 3; i++) Assert.That(runs[i].GetAwaiter().GetResult(), Is.EqualTo(expected[first + i]));
        }
    }

    [TestCase(0)]
    [TestCase(17)]
    public void AnImpossibleNumberOfRunsIsRefused(int runs)
    {
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        Assert.That(() => model.Compile(Device, new CompileOptions { RunsInFlight = runs }),
            Throws.TypeOf<VkInceptionException>().With.Message.Contains($"{runs} runs at once"));
    }

    [Test]
    public void BatchesStagedDuringAStepTrainToTheBitsOfOneAfterTheOther()
    {
        float[][] batches = [.. Enumerable.Range(0, 6).Select(i => Array.ConvertAll(SmallNetwork.Images, v => v * (1 + i * 0.25f)))];
        Assert.That(Train(staged: true), Is.EqualTo(Train(staged: false)));

        float[] Train(bool staged)
        {
            using CompiledTraining training = new SmallNetwork().Compile(Device, Optimizer.Parse("sgd:momentum=0.9"));
            if (staged) training.Stage(batches[0], SmallNetwork.Labels);
            for (int step = 0; step < batches.Length; step++)
            {
                var values = new StepValues { Number = (uint)step, LearningRate = 0.05f };
                if (!staged)
                {
                    training.Run(batches[step], SmallNetwork.Labels, values);
                    continue;
                }
                ulong submitted = training.Start(values);
                // What is staged twice is replaced.
                training.Stage(batches[0], SmallNetwork.Labels);
                if (step + 1 < batches.Length) training.Stage(batches[step + 1], SmallNetwork.Labels);
                Device.Wait(submitted);
                training.Finish();
            }
            return [.. training.ReadWeights().OrderBy(w => w.Key.Name, StringComparer.Ordinal).SelectMany(w => w.Value)];
        }
    }
}

using System.Collections.Concurrent;
using VkInception.DeviceTests.Faults;
using VkInception.DeviceTests.Training;
using VkInception.DeviceTests.Vulkan;
using VkInception.Graph.Training;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Lifetime;

/// <summary>Holds the public types to what they say of threads: the same bits from many as from one, and an end in order whenever somebody disposes.</summary>
internal sealed class ThreadTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Threads = 8;
    private const int Pixels = 32 * 32;

    [Test]
    public void ManyModelsOnManyThreadsGiveTheResultsOfOne()
    {
        using var models = new Models(Device);
        Spread(Threads, thread =>
        {
            var random = new Random(thread);
            for (int run = 0; run < 25; run++) models.Run(random.Next(models.Count), awaited: random.Next(2) == 0);
        });
    }

    [Test]
    public void ModelsAreCompiledOnManyThreadsAtOnce()
    {
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        float[] x = new SeededWeights(3).Uniform("x", Pixels);
        using CompiledModel alone = model.Compile(Device);
        float[] y = alone.Run(x);
        Spread(Threads, _ =>
        {
            for (int round = 0; round < 3; round++)
            {
                using CompiledModel mine = model.Compile(Device);
                Assert.That(mine.Run(x), Is.EqualTo(y));
            }
        });
    }

    [Test]
    public void TrainingStepsBesideEachOtherGiveTheBitsOfOneAlone()
    {
        float[] alone = Train();
        Spread(4, _ => Assert.That(Train(), Is.EqualTo(alone)));

        float[] Train()
        {
            using CompiledTraining training = new SmallNetwork().Compile(Device, Optimizer.Parse("sgd:momentum=0.9"));
            for (uint step = 0; step < 6; step++) training.Run(SmallNetwork.Images, SmallNetwork.Labels, new StepValues { Number = step, LearningRate = 0.05f });
            return [.. training.ReadWeights().OrderBy(w => w.Key.Name, StringComparer.Ordinal).SelectMany(w => w.Value)];
        }
    }

    [Test]
    public void ADeviceServesManyThreadsWithMemoryKernelsAndCopies()
    {
        SpirvModule module = TestKernels.Load("increment");
        Spread(Threads, thread =>
        {
            for (int round = 0; round < 20; round++) Exercise(Device, module, 1000 + 97 * thread + round);
        });
    }

    [TestCase(false, 5)]
    [TestCase(true, 5)]
    public void DisposalInTheMiddleOfWorkEndsItInOrder(bool deviceFirst, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            using var layer = new FaultLayer();
            GpuDevice device = OpenAnew();
            var models = new Models(device);
            SpirvModule module = TestKernels.Load("increment");
            var random = new Random(round);
            int delay = random.Next(20);
            var others = Task.Run(() => Spread(Threads, thread => UntilDisposed(() =>
            {
                if (thread == 0) Exercise(device, module, 5000);
                else models.Run(thread % models.Count, awaited: thread % 2 == 0);
            })));
            Thread.Sleep(delay);
            if (deviceFirst) Spread(2, _ => device.Dispose());
            Spread(2, _ => models.Dispose());
            if (!deviceFirst) device.Dispose();
            Assert.That(others.Wait(TimeSpan.FromMinutes(1)), Is.True, "hangs");
            models.Dispose();
            device.Dispose();
            Assert.That(device.ValidationMessages, Is.Empty);
            Assert.That(layer.Alive, Is.Empty);
        }
    }

    [Test]
    public void ATrainingStepIsDisposedInTheMiddleOfWork([Range(0, 2)] int seed)
    {
        using GpuDevice device = OpenAnew();
        CompiledTraining training = new SmallNetwork().Compile(device, Optimizer.Parse("sgd"));
        var work = Task.Run(() => UntilDisposed(() =>
        {
            training.Run(SmallNetwork.Images, SmallNetwork.Labels, new StepValues { LearningRate = 0.01f });
            training.ReadWeights();
        }));
        Thread.Sleep(seed * 3);
        Spread(3, _ => training.Dispose());
        Assert.That(work.Wait(TimeSpan.FromMinutes(1)), Is.True, "hangs");
        device.Wait(device.LastSubmission);
        Assert.That(device.MemoryUse.BufferCount, Is.LessThanOrEqualTo(8), "only what is kept for copies");
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void EverythingIsDisposedTwiceInAnyOrderByManyThreads([Range(0, 5)] int seed)
    {
        using var layer = new FaultLayer();
        GpuDevice device = OpenAnew();
        var models = new Models(device);
        CompiledTraining training = new SmallNetwork().Compile(device, Optimizer.Parse("sgd"));
        training.Start(SmallNetwork.Images, SmallNetwork.Labels, new StepValues());
        GpuBuffer buffer = device.Allocate(100, MemoryUse.Upload, "buffer");
        CommandRecorder open = device.Record("open"), ended = device.Record("ended");
        ended.Fill(buffer, 0, 100, 1);
        RecordedCommands commands = ended.End();
        device.Submit(commands);
        IDisposable[] all = [device, models, training, buffer, open, ended, commands];
        IDisposable[] twice = [.. all, .. all];
        new Random(seed).Shuffle(twice);
        Parallel.ForEach(Partitioner.Create(twice, loadBalance: true), new ParallelOptions { MaxDegreeOfParallelism = seed % 4 + 1 }, one => one.Dispose());
        Assert.That(device.ValidationMessages, Is.Empty);
        Assert.That(layer.Alive, Is.Empty);
    }

    /// <summary>Memory, a kernel, a recording, copies: all of a thread's own.</summary>
    private static void Exercise(GpuDevice device, SpirvModule module, int count)
    {
        var data = new byte[count * 4];
        using GpuBuffer x = device.Allocate(data.Length, MemoryUse.Device, "x");
        device.Upload(x, 0, data);
        using CommandRecorder recorder = device.Record("exercise");
        recorder.Dispatch(device.GetKernel(module, [], 64), TestKernels.Push(module, ("x", x), ("count", (uint)count)), (uint)(count + 63) / 64, 1, 1);
        using RecordedCommands commands = recorder.End();
        device.Wait(device.Submit(commands));
        device.Submit(commands);
        device.Download(x, 0, data);
        Assert.That(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(data).ContainsAnyExcept(2u), Is.False);
    }

    /// <summary>Works until what it works with is disposed, which is told by no other exception.</summary>
    private static void UntilDisposed(Action work)
    {
        var end = TimeSpan.FromSeconds(30);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            while (clock.Elapsed < end) work();
        }
        catch (ObjectDisposedException)
        {
            return;
        }
        Assert.Fail("nothing was disposed");
    }

    /// <summary>Real threads, all at once; the first failure of any is thrown.</summary>
    private static void Spread(int threads, Action<int> work)
    {
        var failures = new ConcurrentQueue<Exception>();
        using var start = new Barrier(threads);
        Thread[] all =
        [
            .. Enumerable.Range(0, threads).Select(number => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    work(number);
                }
#pragma warning disable CA1031 // Thrown below, on the test's own thread.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    failures.Enqueue(e);
                }
            })),
        ];
        foreach (Thread thread in all) thread.Start();
        foreach (Thread thread in all) thread.Join();
        if (failures.TryDequeue(out Exception? failure)) throw new InvalidOperationException(failure.Message, failure);
    }

    /// <summary>Several models of one device, with what each gives when it is alone.</summary>
    private sealed class Models : IDisposable
    {
        private readonly List<(CompiledModel Model, float[] X, float[] Y)> all = [];

        public Models(GpuDevice device)
        {
            for (int batch = 1; batch <= 3; batch++)
            {
                using Model model = Model.Load("lenet5").WithWeights(new SeededWeights((ulong)batch));
                CompiledModel compiled = model.Compile(device, new CompileOptions { Batch = batch, RunsInFlight = batch });
                float[] x = new SeededWeights((ulong)batch).Uniform("x", batch * Pixels);
                all.Add((compiled, x, compiled.Run(x)));
            }
        }

        public int Count => all.Count;

        public void Run(int index, bool awaited)
        {
            (CompiledModel model, float[] x, float[] y) = all[index];
            Assert.That(awaited ? model.RunAsync(x).GetAwaiter().GetResult() : model.Run(x), Is.EqualTo(y));
        }

        public void Dispose()
        {
            foreach ((CompiledModel model, _, _) in all) model.Dispose();
        }
    }
}

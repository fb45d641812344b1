using System.Collections.Immutable;
using VkInception.DeviceTests.Training;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Planning;
using VkInception.Graph.Training;
using VkInception.Kernels;
using VkInception.Tuning;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Tuning;

internal sealed class KernelTunerTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private static readonly TunerOptions Quick = new() { Budget = TimeSpan.FromMinutes(10), Rounds = 3 };
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-tuner-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_network_runs_by_what_was_measured_and_a_second_run_measures_nothing()
    {
        using GpuDevice device = OpenAnew(folder);
        Network network = Small();
        IReadOnlyList<TuningWork> works = Works(device, network);
        TuningReport report = new KernelTuner(device, Quick).Tune(works, CancellationToken.None);
        Assert.That(report.Works.Select(w => w.Count), Is.EqualTo([1, 2]));
        Assert.That(report.Complete, Is.True);
        foreach (WorkReport work in report.Works)
        {
            Assert.That(work.Candidates.Select(c => c.Outcome), Has.Exactly(1).EqualTo(CandidateOutcome.Chosen).And.None.EqualTo(CandidateOutcome.Wrong).And.None.EqualTo(CandidateOutcome.Failed), string.Join("; ", work.Candidates));
            Assert.That(work.Milliseconds, Is.Positive.And.LessThanOrEqualTo(1.03 * work.HeuristicMilliseconds!.Value));
        }
        PlanStep[] steps = [.. Planner.Plan(network, ConvolutionKernels.Tuned(device)).Steps.Where(s => s.Selection is not null)];
        Assert.That(steps.Select(s => (s.Kernel, s.Selection!.Origin, s.Selection.Milliseconds)), Is.EqualTo(new[] { 0, 1, 1 }.Select(i => (report.Works[i].Kernel, KernelOrigin.Tuned, report.Works[i].Milliseconds))));
        TuningReport second = new KernelTuner(device, Quick with { Budget = TimeSpan.Zero }).Tune(works, CancellationToken.None);
        Assert.That(second.Works, Has.All.Property(nameof(WorkReport.Known)).True);
        Assert.That(second.Works.Select(w => (w.Kernel, w.Milliseconds)), Is.EqualTo(report.Works.Select(w => (w.Kernel, w.Milliseconds))));
    }

    [Test]
    public void Wrong_stray_and_failing_kernels_are_rejected_with_the_reason_however_cheap_they_look()
    {
        using GpuDevice device = OpenAnew(folder);
        var traits = DeviceTraits.Of(device.Info);
        var plain = new PlainConvolution(traits, 1);
        var set = KernelSet.Of(traits);
        set = set with
        {
            Forward =
            [
                plain,
                new Crooked("wrong-1x1", work => plain.Launches(work with { Range = new OutputRange(-0.5f, 0.5f) })),
                new Crooked("lazy-1x1", work => plain.Launches(work with { Output = [1, work.Output.C, work.Output.H, work.Output.W] })),
                new Crooked("stray-1x1", work => [.. plain.Launches(work), .. plain.Launches(work with { Y = work.Y with { Offset = work.Y.Offset + work.Output.C }, Output = [1, work.Output.C, 1, 1] })]),
                new Crooked("absent-1x1", _ => [ShaderDispatch.Of("no_such_shader").Groups(1, 1, 1, 1)]),
            ],
        };
        ConvolutionDispatch slice = Work(2, 8, 6, 12) with { Y = new TensorView([2, 12, 6, 6], new Storage("joined", 2 * 36 * 40), 4, 40), Range = OutputRange.All };
        WorkReport report = new KernelTuner(device, set, Quick).Tune([new TuningWork(WorkKey.Of(slice), slice, 1)], CancellationToken.None).Works.Single();
        Assert.That(report.Kernel, Is.EqualTo(plain.Name));
        Assert.That(report.Candidates.Select(c => (c.Kernel, c.Outcome)), Is.EqualTo(new[]
        {
            (plain.Name, CandidateOutcome.Chosen), ("wrong-1x1", CandidateOutcome.Wrong), ("lazy-1x1", CandidateOutcome.Wrong), ("stray-1x1", CandidateOutcome.Wrong), ("absent-1x1", CandidateOutcome.Failed),
        }));
        foreach ((CandidateReport candidate, string part) in report.Candidates.Zip(["", "by the reference", "by the reference", "which is not its result", "no_such_shader"]))
            Assert.That(candidate.Note, Does.Contain(part));
        Assert.That(new ConvolutionKernels(set, tuned: TuningFile.Of(device, set)!.Read(out _)).Choose(slice).Name, Is.EqualTo(plain.Name), "though the estimate would take a wrong one");
    }

    [Test]
    public void Without_time_only_the_reference_and_the_estimates_choice_are_tried_and_what_is_not_reached_is_said()
    {
        using GpuDevice device = OpenAnew("");
        IReadOnlyList<TuningWork> works = Works(device, Small());
        TuningReport nothing = new KernelTuner(device, Quick with { Budget = TimeSpan.Zero }).Tune(works, CancellationToken.None);
        Assert.That(nothing.Works, Has.All.Property(nameof(WorkReport.Kernel)).Null);
        Assert.That((nothing.Complete, nothing.File, nothing.TunedMilliseconds), Is.EqualTo((false, (string?)null, 0.0)));
        TuningReport little = new KernelTuner(device, Quick with { Budget = TimeSpan.FromMilliseconds(1) }).Tune(works, CancellationToken.None);
        WorkReport first = little.Works.Single(w => w.Kernel is not null);
        Assert.That(first.Candidates.Count(c => c.Outcome == CandidateOutcome.Untried), Is.EqualTo(first.Candidates.Length - (first.Heuristic == first.Candidates[0].Kernel ? 1 : 2)));
        Assert.That(little.Complete, Is.False);
    }

    [Test]
    public void Every_gradient_of_a_training_step_in_both_precisions_finds_a_kernel_and_none_is_wrong()
    {
        using GpuDevice device = OpenAnew(folder);
        foreach (Precision precision in (Precision[])[Precision.Single, Precision.Mixed])
        {
            if (precision == Precision.Mixed && !device.Info.Storage16Bit) continue;
            var collector = new WorkCollector(new ConvolutionKernels(DeviceTraits.Of(device.Info)));
            TrainingPlanner.Plan(new SmallNetwork().Training, collector, new TrainingPlanOptions { Precision = precision });
            TuningReport report = new KernelTuner(device, Quick with { Rounds = 1 }).Tune(collector.Works, CancellationToken.None);
            Assert.That(report.Works.Select(w => w.Work.Split(' ')[0]).Distinct(), Is.EquivalentTo(["forward", "data", "filter"]));
            foreach (WorkReport work in report.Works)
                Assert.That(work.Candidates.Select(c => c.Outcome), Has.Exactly(1).EqualTo(CandidateOutcome.Chosen).And.None.EqualTo(CandidateOutcome.Wrong).And.None.EqualTo(CandidateOutcome.Failed), $"{work.Work}: {string.Join("; ", work.Candidates)}");
        }
    }

    private static IReadOnlyList<TuningWork> Works(GpuDevice device, Network network)
    {
        var collector = new WorkCollector(new ConvolutionKernels(DeviceTraits.Of(device.Info)));
        Planner.Plan(network, collector);
        return collector.Works;
    }

    private static Network Small()
    {
        var net = new NetworkBuilder("small");
        Tensor x = net.Add("conv1", new Conv2d(16, Window.Square(3, 1, 1)), net.Input("in", [1, 3, 9, 9]));
        for (int i = 2; i <= 3; i++) x = net.Add($"conv{i}", new Conv2d(16, Window.Square(3, 1, 1)), x);
        return net.Build(x);
    }

    private static ConvolutionDispatch Work(int batch, int channels, int size, int outputs)
        => new(View([batch, channels, size, size]), View([outputs, channels, 3, 3]), View([outputs]), View([batch, outputs, size, size]), Window.Square(3, 1, 1), 1, OutputRange.ReLU);

    private static TensorView View(Shape shape) => TensorView.Dense(shape, new Storage("t", shape.Count));

    /// <summary>A kernel that promises much.</summary>
    private sealed class Crooked(string name, Func<ConvolutionWork, ImmutableArray<ShaderDispatch>> launches) : ConvolutionKernel
    {
        public override string Name => name;

        public override bool Applies(ConvolutionWork work) => true;

        public override ImmutableArray<ShaderDispatch> Launches(ConvolutionWork work) => launches(work);

        public override double Cost(ConvolutionWork work) => 0;
    }
}

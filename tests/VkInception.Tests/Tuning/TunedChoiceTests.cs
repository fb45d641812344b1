using NUnit.Framework;
using VkInception.Graph;
using VkInception.Kernels;
using VkInception.Tuning;

namespace VkInception.Tests.Tuning;

internal sealed class TunedChoiceTests
{
    private static readonly DeviceTraits Device = new() { SubgroupSize = 8, MaxWorkgroupInvocations = 1024, IsProcessor = true, SubgroupShuffle = true, Int64 = true };

    [Test]
    public void What_was_measured_is_chosen_and_said()
    {
        ConvolutionDispatch work = Work(16);
        KernelChoice choice = Kernels(work, new TunedKernel("uniform-7x2", 0.5, "plain-7x1", 0.75, "broadcast2-14x2", 1)).Choose(work);
        Assert.That((choice.Name, choice.Reason), Is.EqualTo(("uniform-7x2", "measured: 0.5 ms, 1.50 times as fast as plain-7x1, 2.00 times as broadcast2-14x2, the estimate's choice")));
        Assert.That(choice.Selection, Is.EqualTo(new KernelSelection(KernelOrigin.Tuned) { Milliseconds = 0.5, RunnerUp = "plain-7x1", RunnerUpMilliseconds = 0.75, Heuristic = "broadcast2-14x2", HeuristicMilliseconds = 1 }));
    }

    [Test]
    public void Other_work_unknown_kernels_and_a_name_given_leave_the_measurement_aside()
    {
        ConvolutionDispatch work = Work(16);
        var known = new TunedKernel("uniform-7x2", 0.5, null, null, "uniform-7x2", 0.5);
        Assert.That(Kernels(work, known).Choose(Work(32)).Selection!.Origin, Is.EqualTo(KernelOrigin.Heuristic));
        Assert.That(Kernels(work, known with { Kernel = "gone-1x1" }).Choose(work).Selection!.Origin, Is.EqualTo(KernelOrigin.Heuristic));
        Assert.That(Kernels(work, known, "plain-1x1").Choose(work).Name, Is.EqualTo("plain-1x1"));
    }

    [Test]
    public void A_kernel_that_does_not_apply_is_not_taken_though_a_file_says_so()
    {
        ConvolutionDispatch odd = Work(15);
        Assert.That(Kernels(odd, new TunedKernel("uniform-7x2", 0.5, null, null, "uniform-7x2", 0.5)).Choose(odd).Selection!.Origin, Is.EqualTo(KernelOrigin.Heuristic));
    }

    [Test]
    public void Keys_differ_where_the_time_may()
    {
        ConvolutionDispatch work = Work(16);
        Dispatch[] different =
        [
            work, work with { B = null }, work with { X = work.X with { Offset = 4 } }, work with { X = work.X with { RowStride = 20 } }, work with { Y = work.Y with { RowStride = 40 } },
            work with { Window = work.Window with { StrideW = 2 } }, work with { Window = work.Window with { PadBottom = 0 } }, work with { Groups = 2 }, Work(32), Work(16, ElementType.Float16),
            new ConvolutionBackwardData(work.Y, work.W, new Gradient(work.X, false), work.X, work.Window, 1), new ConvolutionBackwardData(work.Y, work.W, new Gradient(work.X, true), work.X, work.Window, 1),
            new ConvolutionBackwardFilter(work.X, work.Y, new Gradient(work.W, false), work.Window, 1),
        ];
        Assert.That(different.Select(WorkKey.Of).Distinct().Count(), Is.EqualTo(different.Length));
        Assert.That(WorkKey.Of(work with { Range = OutputRange.All }), Is.EqualTo(WorkKey.Of(work)));
        Assert.That(WorkKey.Of(Work(16)), Is.EqualTo(WorkKey.Of(work)), "the block's identity does not count");
    }

    private static ConvolutionKernels Kernels(ConvolutionDispatch work, TunedKernel known, string? forced = null)
        => new(KernelSet.Of(Device), forced, tuned: new Dictionary<string, TunedKernel> { [WorkKey.Of(work)] = known });

    private static ConvolutionDispatch Work(int channels, ElementType type = ElementType.Float32)
        => new(View([1, channels, 8, 8], type), View([32, channels, 3, 3], type), View([32], ElementType.Float32), View([1, 32, 8, 8], type), Window.Square(3, 1, 1), 1, OutputRange.ReLU);

    private static TensorView View(Shape shape, ElementType type) => TensorView.Dense(shape, new Storage("t", shape.Count, type: type));
}

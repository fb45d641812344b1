using NUnit.Framework;
using VkInception.Graph;
using VkInception.Kernels;

namespace VkInception.Tests.Kernels;

internal sealed class ConvolutionKernelsTests
{
    private static readonly DeviceTraits Processor = new() { SubgroupSize = 8, MaxWorkgroupInvocations = 1024, IsProcessor = true, SubgroupShuffle = true, Int64 = true };
    private static readonly DeviceTraits Gpu = Processor with { SubgroupSize = 32, IsProcessor = false };
    private static readonly DeviceTraits Poor = new() { SubgroupSize = 4, MaxWorkgroupInvocations = 256, IsProcessor = true };

    [TestCase(128, 28, 192, 3, "broadcast2-14x8")]
    [TestCase(480, 14, 16, 1, "broadcast2-14x2")]
    [TestCase(528, 14, 32, 1, "broadcast2-14x4")]
    [TestCase(3, 112, 64, 7, "broadcast-joined-14x8")]
    [TestCase(1024, 1, 1000, 1, "broadcast2-1x4")]
    [TestCase(63, 14, 65, 3, "broadcast-14x4")]
    public void A_processor_takes_the_largest_tile_that_wastes_little(int channels, int size, int outputs, int kernel, string expected)
        => Assert.That(new ConvolutionKernels(Processor).Choose(Work(channels, size, outputs, kernel)).Name, Is.EqualTo(expected));

    [Test]
    public void A_gpu_takes_smaller_tiles_so_that_small_layers_fill_it()
    {
        KernelChoice small = new ConvolutionKernels(Gpu).Choose(Work(832, 7, 384, 1)), large = new ConvolutionKernels(Gpu).Choose(Work(64, 112, 192, 3));
        Assert.That(Groups(small), Is.GreaterThan(Groups(small, largest: true)));
        Assert.That(large.Launches[0].LocalSize, Is.EqualTo(32));
    }

    [Test]
    public void A_device_without_subgroup_operations_gets_kernels_without_them()
    {
        IReadOnlyList<KernelChoice> candidates = new ConvolutionKernels(Poor).Candidates(Work(16, 8, 16, 3));
        Assert.That(candidates.SelectMany(c => c.Launches).Any(l => l.WholeSubgroup), Is.False);
        Assert.That(candidates.Select(c => c.Name), Does.Contain("uniform-14x4").And.Contain("plain-7x1"));
    }

    [TestCase(128, 28, 192, 3, "quads-8x8")]
    [TestCase(3, 112, 64, 7, "quads-joined-8x8")]
    [TestCase(1024, 1, 1000, 1, "quads-8x8")]
    [TestCase(480, 14, 12, 1, "quads-8x4")]
    public void A_device_that_compiles_as_written_gets_kernels_that_are_written_out(int channels, int size, int outputs, int kernel, string expected)
    {
        DeviceTraits plain = Poor with { SubgroupShuffle = true };
        Assert.That(new ConvolutionKernels(plain).Choose(Work(channels, size, outputs, kernel)).Name, Is.EqualTo(expected));
        Assert.That(new ConvolutionKernels(plain with { Int64 = true }).Choose(Work(channels, size, outputs, kernel)).Name, Does.StartWith("broadcast"));
    }

    [Test]
    public void What_no_feature_recommends_is_a_candidate_but_no_estimate_takes_it()
    {
        ConvolutionDispatch work = Work(128, 28, 192, 3);
        Assert.That(new ConvolutionKernels(Processor).Candidates(work).Select(c => c.Name), Does.Contain("broadcast2-28x8"));
        Assert.That(new ConvolutionKernels(Processor, "broadcast2-28x8").Choose(work).Name, Is.EqualTo("broadcast2-28x8"));
        Assert.That(new ConvolutionKernels(Processor, "broadcast2").Choose(work).Name, Is.EqualTo("broadcast2-14x8"));
    }

    [Test]
    public void Groups_leave_only_the_kernel_for_every_geometry()
    {
        var x = View([1, 32, 9, 9]);
        var depthwise = new ConvolutionDispatch(x, View([32, 1, 3, 3]), null, View([1, 32, 9, 9]), Window.Square(3, 1, 1), 32, OutputRange.All);
        Assert.That(new ConvolutionKernels(Processor).Candidates(depthwise).Select(c => c.Launches[0].Kernel).Distinct(), Is.EqualTo(["conv2d_forward"]));
    }

    [Test]
    public void Odd_slices_are_not_read_in_pairs()
    {
        ConvolutionDispatch even = Work(16, 8, 16, 3);
        foreach (ConvolutionDispatch odd in (ConvolutionDispatch[])[even with { X = even.X with { RowStride = 17 } }, even with { X = even.X with { Offset = 1 } }, even with { Y = even.Y with { Offset = 3 } }, even with { Y = even.Y with { RowStride = 33 } }])
            Assert.That(new ConvolutionKernels(Processor).Candidates(odd).Any(c => c.Launches[0].Kernel == "conv2d_forward_broadcast2"), Is.False);
    }

    [Test]
    public void Tensors_behind_the_reach_of_32_bit_indices_are_refused_by_name()
    {
        ConvolutionDispatch work = Work(16, 8, 16, 3);
        TensorView far = work.X with { RowStride = int.MaxValue / 16 };
        Assert.That(() => new ConvolutionKernels(Processor).Choose(work with { X = far }),
            Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.InvalidArgument).And.Message.Contains("tensor x"));
    }

    private static int Groups(KernelChoice choice, bool largest = false)
    {
        ShaderDispatch launch = largest
            ? new ConvolutionKernels(Gpu).Candidates(Work(832, 7, 384, 1)).MinBy(c => c.Launches[0].GroupsX * c.Launches[0].GroupsY)!.Launches[0]
            : choice.Launches[0];
        return launch.GroupsX * launch.GroupsY;
    }

    private static ConvolutionDispatch Work(int channels, int size, int outputs, int kernel)
        => new(View([1, channels, size, size]), View([outputs, channels, kernel, kernel]), View([outputs]), View([1, outputs, size, size]),
            Window.Square(kernel, 1, kernel / 2), 1, OutputRange.ReLU);

    private static TensorView View(Shape shape) => TensorView.Dense(shape, new Storage("t", shape.Count));
}

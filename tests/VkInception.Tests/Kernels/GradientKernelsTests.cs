using NUnit.Framework;
using VkInception.Graph;
using VkInception.Kernels;

namespace VkInception.Tests.Kernels;

internal sealed class GradientKernelsTests
{
    private static readonly DeviceTraits Processor = new() { SubgroupSize = 8, MaxWorkgroupInvocations = 1024, IsProcessor = true, SubgroupShuffle = true, Int64 = true };
    private static readonly DeviceTraits Gpu = Processor with { SubgroupSize = 32, IsProcessor = false };
    private static readonly DeviceTraits Poor = new() { SubgroupSize = 4, MaxWorkgroupInvocations = 256, IsProcessor = true };

    [TestCase(8, 128, 28, 192, 3, "filter-winograd4-32x8")]
    [TestCase(8, 112, 14, 224, 3, "filter-winograd4-16x8")]
    [TestCase(64, 512, 2, 512, 3, "filter-winograd2-16x8")]
    [TestCase(1, 192, 7, 384, 3, "filter-broadcast2-32x8")]
    [TestCase(64, 16, 32, 16, 3, "filter-broadcast2-16x2")]
    [TestCase(8, 480, 14, 16, 1, "filter-broadcast2-16x2")]
    [TestCase(64, 832, 1, 384, 1, "filter-broadcast2-32x8")]
    [TestCase(8, 3, 112, 64, 7, "filter-rows-4x8")]
    [TestCase(8, 24, 14, 64, 5, "filter-broadcast2-joined-16x8")]
    public void A_processor_takes_the_largest_tile_that_wastes_little(int batch, int channels, int size, int outputs, int kernel, string expected)
        => Assert.That(new ConvolutionKernels(Processor).Choose(Filter(batch, channels, size, outputs, kernel)).Name, Is.EqualTo(expected));

    [Test]
    public void Few_tiles_are_cut_into_slices_until_they_fill_the_device_and_the_workspace_stays_bounded()
    {
        foreach (DeviceTraits device in (DeviceTraits[])[Processor, Gpu, Poor])
            foreach (ConvolutionBackwardFilter work in (ConvolutionBackwardFilter[])[Filter(8, 3, 224, 64, 7), Filter(8, 64, 56, 192, 5), Filter(64, 832, 1, 384, 1), Filter(4, 2048, 7, 2048, 5)])
            {
                KernelChoice choice = new ConvolutionKernels(device).Choose(work);
                ShaderDispatch launch = choice.Launches[0];
                long written = launch.Tensors.Single(t => t.Name == "dw").View.Storage.Elements, dw = work.Dw.View.Shape.Count;
                Assert.That(written * 4, Is.LessThanOrEqualTo(Math.Max(64 << 20, dw * 4)), $"{choice.Name} for {work.X.Shape}");
                Assert.That(choice.Launches.Length > 1, Is.EqualTo(launch.GroupsZ > 1), "further launches add the slices");
            }
        ShaderDispatch stem = new ConvolutionKernels(Gpu).Choose(Filter(8, 3, 224, 64, 7)).Launches[0];
        Assert.That(stem.GroupsX * stem.GroupsY * stem.GroupsZ, Is.GreaterThan(500));
    }

    [Test]
    public void Minimal_filtering_adds_chunks_of_tiles_to_the_products_and_its_workspaces_stay_bounded()
    {
        ConvolutionBackwardFilter work = Filter(64, 64, 56, 192, 3);
        ShaderDispatch[] launches = [.. new ConvolutionKernels(Processor, "filter-winograd4-32x8").Choose(work).Launches];
        ShaderDispatch[] products = [.. launches.Where(l => l.Kernel == "conv2d_forward_winograd_multiply")];
        Assert.That(products, Has.Length.GreaterThan(4));
        Assert.That(products.Select(l => l.Tensors[^1].Access), Is.EqualTo(products.Select((_, i) => i == 0 ? Access.Write : Access.ReadWrite)));
        Assert.That(products.Select(l => l.Tensors[^1].View.Storage).Distinct().Count(), Is.EqualTo(1));
        Assert.That(products.Sum(l => (int)l.Push.Single(c => c.Name == "channels").Bits), Is.EqualTo(64 * 14 * 14), "every tile once");
        Assert.That(launches.SelectMany(l => l.Tensors).Where(t => t.Name is "v" or "u").Select(t => t.View.Storage).Distinct().Sum(s => s.Bytes), Is.LessThanOrEqualTo(20 << 20));
        Assert.That(launches[^1].Tensors.Single(t => t.View.Storage == work.Dw.View.Storage).Name, Is.EqualTo("dw"));
    }

    [Test]
    public void Minimal_filtering_does_three_by_three_of_unit_strides_and_even_channels_only_and_is_left_to_measurement_on_other_devices()
    {
        var kernels = new ConvolutionKernels(Processor);
        ConvolutionBackwardFilter work = Filter(8, 64, 28, 64, 3);
        Assert.That(Offered(work), Is.True);
        Assert.That(Offered(Filter(8, 63, 28, 64, 3)) || Offered(Filter(8, 64, 28, 63, 3)) || Offered(Filter(8, 64, 28, 64, 5)) || Offered(Filter(8, 64, 28, 64, 1)), Is.False);
        Assert.That(Offered(work with { Window = Window.Square(3, 1, 1) with { DilationW = 2 } }) || Offered(work with { Groups = 2 }), Is.False);
        Assert.That(new ConvolutionKernels(Gpu).Choose(work).Name, Does.Not.Contain("winograd"));
        Assert.That(new ConvolutionKernels(Gpu).Candidates(work).Select(c => c.Name), Has.Some.Contains("winograd4"));

        bool Offered(ConvolutionBackwardFilter w) => kernels.Candidates(w).Any(c => c.Name.Contains("winograd", StringComparison.Ordinal));
    }

    [Test]
    public void The_data_gradient_of_unit_strides_is_one_convolution_with_the_filter_turned_round()
    {
        KernelChoice choice = new ConvolutionKernels(Processor).Choose(Data(8, 128, 28, 192, Window.Square(5, 1, 2)));
        Assert.That(choice.Launches.Select(l => l.Kernel), Is.EqualTo(["conv2d_backward_transpose", "conv2d_forward_broadcast2"]));
        Assert.That(choice.Name, Is.EqualTo("data-broadcast2-28x8"));
        KernelChoice minimal = new ConvolutionKernels(Processor).Choose(Data(8, 128, 28, 192, Window.Square(3, 1, 1)));
        Assert.That(minimal.Launches.Take(3).Select(l => l.Kernel), Is.EqualTo(["conv2d_backward_transpose", "conv2d_forward_winograd4_filter", "conv2d_forward_winograd4_input"]));
        Assert.That(minimal.Name, Does.StartWith("data-winograd4"));
    }

    [Test]
    public void Strides_make_one_convolution_per_phase_and_a_phase_without_taps_writes_zeros_unless_it_accumulates()
    {
        ConvolutionBackwardData strided = Data(2, 32, 15, 64, Window.Square(3, 2, 1)), sparse = Data(2, 32, 15, 64, Window.Square(1, 2));
        Assert.That(Kernels(strided), Has.Length.EqualTo(8));
        Assert.That(Kernels(sparse), Has.Length.EqualTo(5), "one filter to turn, four phases");
        Assert.That(Kernels(sparse with { Dx = sparse.Dx with { Accumulate = true } }), Has.Length.EqualTo(2));

        static string[] Kernels(ConvolutionBackwardData work) => [.. new ConvolutionKernels(Processor).Choose(work).Launches.Select(l => l.Kernel)];
    }

    [Test]
    public void A_device_without_subgroup_operations_gets_kernels_without_them()
    {
        var kernels = new ConvolutionKernels(Poor);
        IEnumerable<KernelChoice> all = [.. kernels.Candidates(Filter(2, 16, 8, 16, 3)), .. kernels.Candidates(Data(2, 16, 8, 16, Window.Square(3, 1, 1)))];
        Assert.That(all.SelectMany(c => c.Launches).Any(l => l.WholeSubgroup), Is.False);
    }

    [Test]
    public void Kernels_are_forced_by_name_for_the_work_that_they_do()
    {
        ConvolutionBackwardFilter filter = Filter(2, 16, 8, 16, 3);
        var forced = new ConvolutionKernels(Processor, "filter-plain-8x1");
        Assert.That(forced.Choose(filter).Name, Is.EqualTo("filter-plain-8x1"));
        Assert.That(new ConvolutionKernels(Processor, "plain").Choose(filter).Name, Does.StartWith("filter-plain-"), "a family stands for the gradients' kernels of its name too");
        Assert.That(new ConvolutionKernels(Processor, "data-plain").Choose(filter), Is.EqualTo(new ConvolutionKernels(Processor).Choose(filter)).Using<KernelChoice>((a, b) => string.CompareOrdinal(a.Name, b.Name)), "a name of other work leaves this open");
        Assert.That(new ConvolutionKernels(Processor, "data-plain").Choose(Data(2, 16, 8, 16, Window.Square(3, 1, 1))).Name, Does.StartWith("data-plain-"));
        Assert.That(() => new ConvolutionKernels(Processor, "nonsense").Choose(filter), Throws.TypeOf<VkInceptionException>().With.Message.Contains("filter-plain-8x1"));
    }

    [Test]
    public void Tensors_behind_the_reach_of_32_bit_indices_are_refused_by_name()
    {
        ConvolutionBackwardFilter work = Filter(1, 16, 8, 16, 3);
        Assert.That(() => new ConvolutionKernels(Processor).Choose(work with { Dy = work.Dy with { RowStride = int.MaxValue / 16 } }),
            Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.InvalidArgument).And.Message.Contains("tensor dy"));
    }

    private static ConvolutionBackwardFilter Filter(int batch, int channels, int size, int outputs, int kernel)
        => new(View([batch, channels, size, size]), View([batch, outputs, size, size]), new Gradient(View([outputs, channels, kernel, kernel]), false), Window.Square(kernel, 1, kernel / 2), 1);

    private static ConvolutionBackwardData Data(int batch, int channels, int size, int outputs, Window window)
    {
        int height = (size + window.PadTop + window.PadBottom - window.KernelH) / window.StrideH + 1;
        return new(View([batch, outputs, height, height]), View([outputs, channels, window.KernelH, window.KernelW]), new Gradient(View([batch, channels, size, size]), false), View([batch, channels, size, size]), window, 1);
    }

    private static TensorView View(Shape shape) => TensorView.Dense(shape, new Storage("t", shape.Count));
}

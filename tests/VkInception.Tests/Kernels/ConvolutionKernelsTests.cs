using System.Collections.Immutable;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Kernels;

namespace VkInception.Tests.Kernels;

internal sealed class ConvolutionKernelsTests
{
    private static readonly DeviceTraits Processor = new() { SubgroupSize = 8, MaxWorkgroupInvocations = 1024, IsProcessor = true, SubgroupShuffle = true, Int64 = true };
    private static readonly DeviceTraits Gpu = Processor with { SubgroupSize = 32, IsProcessor = false };
    private static readonly DeviceTraits Poor = new() { SubgroupSize = 4, MaxWorkgroupInvocations = 256, IsProcessor = true };

    [TestCase(832, 7, 384, 1, "broadcast2-28x8")]
    [TestCase(480, 14, 16, 1, "broadcast2-28x4", Description = "A tile of its own would cost the start more than it saves.")]
    [TestCase(480, 56, 16, 1, "broadcast2-14x2")]
    [TestCase(528, 14, 32, 1, "broadcast2-28x4")]
    [TestCase(3, 112, 64, 7, "rows-28x8")]
    [TestCase(1024, 1, 1000, 1, "broadcast2-1x4")]
    [TestCase(63, 14, 65, 3, "broadcast-joined-28x8")]
    public void A_processor_takes_the_largest_tile_that_wastes_little(int channels, int size, int outputs, int kernel, string expected)
        => Assert.That(new ConvolutionKernels(Processor).Choose(Work(channels, size, outputs, kernel)).Name, Is.EqualTo(expected));

    [Test]
    public void A_linear_layer_of_a_batch_is_broadcast()
        => Assert.That(new ConvolutionKernels(Processor).Choose(Work(1024, 1, 1000, 1, batch: 8)).Name, Is.EqualTo("broadcast2-14x8"));

    [TestCase(16, "broadcast2", true, Description = "One block.")]
    [TestCase(24, "broadcast2", true, Description = "The second block overlaps the first.")]
    [TestCase(10, "broadcast2", false, Description = "Shorter than a block.")]
    [TestCase(3, "broadcast-joined", true, Description = "Fifteen neighbours in blocks of eight.")]
    public void A_processor_takes_runs_in_whole_blocks(int channels, string family, bool whole)
        => Assert.That(IsWhole(Processor, channels, family), Is.EqualTo(whole));

    [TestCase(64, true)]
    [TestCase(96, false, Description = "A gpu's blocks are long: half of the second would be in vain.")]
    public void A_gpu_takes_whole_blocks_where_runs_are_made_of_them(int channels, bool whole)
        => Assert.That(IsWhole(Gpu, channels, "broadcast2-28x4"), Is.EqualTo(whole));

    [TestCase(128, 28, 192, "winograd4-28x8")]
    [TestCase(160, 14, 320, "winograd4-16x8")]
    [TestCase(192, 7, 384, "winograd2-16x8")]
    [TestCase(3, 56, 64, "rows-28x8")]
    public void Three_by_three_is_filtered_minimally_where_it_pays(int channels, int size, int outputs, string expected)
        => Assert.That(new ConvolutionKernels(Processor).Choose(Work(channels, size, outputs, 3)).Name, Is.EqualTo(expected));

    [TestCase(832, 7, 384, 1, "split4-broadcast2-14x2", 4)]
    [TestCase(832, 7, 384, 1, "split16-broadcast2-7x2", 16)]
    [TestCase(160, 7, 320, 3, "split4-broadcast2-14x2", 3)]
    [TestCase(1024, 1, 1000, 1, "split16-broadcast2-1x4", 16)]
    [TestCase(40, 7, 32, 1, "split4-broadcast2-14x2", 2)]
    public void Few_outputs_are_summed_in_slices_side_by_side(int channels, int size, int outputs, int kernel, string name, int slices)
    {
        ConvolutionDispatch work = Work(channels, size, outputs, kernel);
        ImmutableArray<ShaderDispatch> launches = new ConvolutionKernels(Gpu, name).Choose(work).Launches;
        ShaderDispatch[] parts = [.. launches[..^1]];

        Assert.That(parts, Has.Length.EqualTo(slices));
        Assert.That(launches[^1].Kernel, Is.EqualTo("conv2d_forward_split_sum"));
        TensorView[] sums = [.. parts.Select(l => l.Tensors.Single(t => t.Name == "y").View)];
        Assert.That(sums.SelectMany((a, i) => sums[..i].Select(a.Overlaps)), Is.All.False, "nothing makes one slice wait for another");
        Assert.That(parts.Sum(l => (long)l.Push.Single(c => c.Name == "channels").Bits * l.Push.Single(c => c.Name == "kernelH").Bits), Is.EqualTo(channels * kernel));
    }

    [Test]
    public void What_fills_the_device_or_has_nothing_to_slice_is_not_split()
    {
        foreach (ConvolutionDispatch work in (ConvolutionDispatch[])[Work(64, 112, 192, 1), Work(16, 7, 32, 1), Work(16, 7, 32, 1) with { Window = Window.Same(1, 7) }])
            Assert.That(new ConvolutionKernels(Gpu).Candidates(work).Select(c => c.Name), Has.None.StartWith("split"));
    }

    [Test]
    public void Minimal_filtering_applies_to_three_by_three_at_unit_strides_into_even_slices()
    {
        ConvolutionDispatch work = Work(16, 8, 16, 3);
        Assert.That(Applies(work), Is.True);
        foreach (Window window in (Window[])[Window.Square(3, 2, 1), Window.Square(5, 1, 2), Window.Square(3, 1, 2) with { DilationH = 2, DilationW = 2 }, new Window(1, 3, PadLeft: 1, PadRight: 1)])
            Assert.That(Applies(work with { Window = window }), Is.False, $"{window}");
        Assert.That(Applies(work with { Y = work.Y with { Offset = 3 } }), Is.False);
        Assert.That(Applies(work with { Y = work.Y with { RowStride = 33 } }), Is.False);
        Assert.That(Applies(work with { X = work.X with { RowStride = 17 } }) || Applies(work with { X = work.X with { Offset = 1 } }) || Applies(Work(15, 8, 16, 3)), Is.False, "inputs are read in pairs");
        Assert.That(Applies(work with { X = View([1, 16, 8, 8], ElementType.Float16) }), Is.False, "what lies between its steps is float");
        Assert.That(new ConvolutionKernels(Poor).Candidates(work).Any(c => c.Name.StartsWith("winograd", StringComparison.Ordinal)), Is.False);

        static bool Applies(ConvolutionDispatch work) => new ConvolutionKernels(Processor).Candidates(work).Any(c => c.Name.StartsWith("winograd", StringComparison.Ordinal));
    }

    [Test]
    public void Minimal_filtering_works_in_chunks_of_whole_blocks_that_share_their_workspaces()
    {
        KernelChoice choice = new ConvolutionKernels(Processor, "winograd4-28x8").Choose(Work(64, 56, 192, 3));
        ShaderDispatch[] multiplications = [.. choice.Launches.Where(l => l.Kernel == "conv2d_forward_winograd_multiply")];
        int[] tiles = [.. multiplications.Select(l => (int)l.Push.Single(c => c.Name == "tiles").Bits)];
        Assert.That(tiles.Sum(), Is.EqualTo(14 * 14));
        Assert.That(tiles, Has.Length.GreaterThan(1).And.All.Matches<int>(t => t % 28 == 0));
        Storage[] workspaces = [.. multiplications.SelectMany(l => l.Tensors).Select(t => t.View.Storage).Distinct()];
        Assert.That(workspaces, Has.Length.EqualTo(3), "patches, filter, products");
        Assert.That(workspaces.Where(s => s.Name != "winograd filter").Sum(s => s.Bytes), Is.LessThan(3_000_000));
    }

    [Test]
    public void A_parameter_is_transformed_before_the_first_run_and_what_training_changes_in_every_one()
    {
        ConvolutionDispatch work = Work(16, 28, 64, 3);
        ConvolutionDispatch inference = work with { W = TensorView.Dense([64, 16, 3, 3], new Storage("w", 64 * 16 * 9, new Parameter("w", [64, 16, 3, 3], ParameterLayout.Filter))) };
        Assert.That(Once(inference), Is.EqualTo(["conv2d_forward_winograd4_filter"]));
        Assert.That(Once(work), Is.Empty);

        static string[] Once(ConvolutionDispatch work)
            => [.. new ConvolutionKernels(Processor, "winograd4").Choose(work).Launches.Where(l => l.Tensors.All(t => t.View.Storage.IsResident)).Select(l => l.Kernel)];
    }

    [TestCase(64, 56, 64, 1)]
    [TestCase(512, 14, 128, 1)]
    [TestCase(32, 28, 96, 5)]
    [TestCase(160, 14, 320, 3)]
    public void A_processor_gets_few_workgroups_that_share_the_tiles_evenly(int channels, int size, int outputs, int kernel)
    {
        foreach (string family in kernel == 3 ? (string[])["broadcast2", "winograd4"] : ["broadcast2"])
        {
            ShaderDispatch few = Largest(Processor), all = Largest(Processor with { Cores = 10_000 });
            Assert.That(few.GroupsX * few.GroupsY, Is.LessThanOrEqualTo(all.GroupsX * all.GroupsY));
            Assert.That(few.GroupsX * few.GroupsY * few.GroupsZ, Is.LessThan(Math.Max(2 * 16, 2 * few.GroupsZ)));
            int each = (all.GroupsX + few.GroupsX - 1) / few.GroupsX;
            Assert.That(few.GroupsX, Is.EqualTo((all.GroupsX + each - 1) / each), "one workgroup less would make the longest longer");

            ShaderDispatch Largest(DeviceTraits device) => new ConvolutionKernels(device, family).Choose(Work(channels, size, outputs, kernel)).Launches.MaxBy(l => l.GroupsX * l.GroupsY * l.GroupsZ)!;
        }
    }

    [TestCase(160, 112, 320, 3, "broadcast-7x1")]
    [TestCase(512, 56, 512, 1, "broadcast2-14x4")]
    [TestCase(512, 28, 512, 3, "winograd4-16x8")]
    public void No_workgroup_of_a_processor_makes_more_rounds_than_old_drivers_allow(int channels, int size, int outputs, int kernel, string name)
    {
        ShaderDispatch few = Largest(Processor), all = Largest(Processor with { Cores = 1_000_000 });
        long tilesEach = Each(all.GroupsX, few.GroupsX) * Each(all.GroupsY, few.GroupsY);
        long depth = kernel == 3 && !name.StartsWith("winograd", StringComparison.Ordinal) ? channels * 9 : channels;
        Assert.That(tilesEach, Is.GreaterThan(1));
        Assert.That(tilesEach * depth, Is.LessThan(1 << 15));

        static long Each(int tiles, int groups) => (tiles + groups - 1) / groups;

        ShaderDispatch Largest(DeviceTraits device) => new ConvolutionKernels(device, name).Choose(Work(channels, size, outputs, kernel)).Launches.MaxBy(l => l.GroupsX * l.GroupsY * l.GroupsZ)!;
    }

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
        Assert.That(new ConvolutionKernels(plain with { Int64 = true }).Choose(Work(channels, size, outputs, kernel)).Name, Does.Not.StartWith("quads"));
    }

    [Test]
    public void What_no_feature_recommends_is_a_candidate_but_no_estimate_takes_it()
    {
        ConvolutionDispatch work = Work(128, 28, 192, 3);
        Assert.That(new ConvolutionKernels(Gpu).Candidates(work).Select(c => c.Name), Does.Contain("broadcast2-28x8"));
        Assert.That(new ConvolutionKernels(Gpu, "broadcast2-28x8").Choose(work).Name, Is.EqualTo("broadcast2-28x8"));
        Assert.That(new ConvolutionKernels(Gpu, "broadcast2").Choose(work).Name, Is.Not.EqualTo("broadcast2-28x8"));
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

    private static bool IsWhole(DeviceTraits device, int channels, string kernel)
        => new ConvolutionKernels(device, kernel).Choose(Work(channels, 14, 64, 5)).Launches[0].Specialization.Single(c => c.Name == "whole").Bits == 1;

    private static ConvolutionDispatch Work(int channels, int size, int outputs, int kernel, int batch = 1)
        => new(View([batch, channels, size, size]), View([outputs, channels, kernel, kernel]), View([outputs]), View([batch, outputs, size, size]),
            Window.Square(kernel, 1, kernel / 2), 1, OutputRange.ReLU);

    private static TensorView View(Shape shape, ElementType type = ElementType.Float32) => TensorView.Dense(shape, new Storage("t", shape.Count, type: type));
}

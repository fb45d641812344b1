using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>One launch of one shader of <c>shaders/</c>. Constants and addresses are passed by the shader's own names.</summary>
/// <remarks>
/// Every tensor is a 64-bit address in the push block under its symbol; <see cref="Push"/> follows by name;
/// <see cref="Specialization"/> sets specialization constants by name. The runtime lays them out from the SPIR-V and refuses
/// a name that the shader lacks, or one that the shader has and the dispatch does not set.
/// </remarks>
public sealed record ShaderDispatch : Dispatch
{
    private readonly ImmutableArray<KernelTensor> tensors;

    private ShaderDispatch(string kernel, ImmutableArray<KernelTensor> tensors)
    {
        Kernel = kernel;
        this.tensors = tensors;
    }

    /// <inheritdoc/>
    public override string Kernel { get; }

    /// <inheritdoc/>
    public override ImmutableArray<KernelTensor> Tensors => tensors;

    /// <summary>The module of SPIR-V: <c>KERNEL.half</c> where any tensor is half, <c>KERNEL.double</c> where any is double, for kernels are compiled for each type.</summary>
    public string Module => IsDouble ? $"{Kernel}.double" : tensors.Any(t => t.View.Type == ElementType.Float16) ? $"{Kernel}.half" : Kernel;

    /// <summary>Whether it computes in double precision: then what its shader calls float is double, push constants too.</summary>
    public bool IsDouble => tensors.Any(t => t.View.Type == ElementType.Float64);

    /// <summary>Push constants beside the addresses.</summary>
    public ImmutableArray<Constant> Push { get; init; } = [];

    /// <summary>Specialization constants (<c>local_size_x</c> excepted: see <see cref="LocalSize"/>).</summary>
    public ImmutableArray<Constant> Specialization { get; init; } = [];

    /// <summary>Invocations per workgroup; 0 lets the device decide (a kernel that must not depend on it).</summary>
    public int LocalSize { get; init; }

    /// <summary>Whether the kernel relies on subgroups of exactly <see cref="LocalSize"/> lanes.</summary>
    public bool WholeSubgroup { get; init; }

    /// <summary>Lanes of each of several whole subgroups that the kernel relies on; 0 where <see cref="WholeSubgroup"/> says all.</summary>
    public int SubgroupSize { get; init; }

    /// <summary>Workgroups in x; 0 when <see cref="Threads"/> gives them.</summary>
    public int GroupsX { get; init; }

    /// <summary>Workgroups in y.</summary>
    public int GroupsY { get; init; } = 1;

    /// <summary>Workgroups in z.</summary>
    public int GroupsZ { get; init; } = 1;

    /// <summary>Invocations wanted in x, where <see cref="GroupsX"/> is 0. The kernel strides over them, so fewer may be launched.</summary>
    public long Threads { get; init; }

    /// <summary>A launch of <c>shaders/NAME.comp</c>.</summary>
    public static ShaderDispatch Of(string shader) => new(shader, []);

    /// <summary>Adds a tensor that is read.</summary>
    public ShaderDispatch Read(string symbol, TensorView view) => With(symbol, view, Access.Read);

    /// <summary>Adds a tensor that is written.</summary>
    public ShaderDispatch Write(string symbol, TensorView view) => With(symbol, view, Access.Write);

    /// <summary>Adds a tensor that is read and written in place.</summary>
    public ShaderDispatch Update(string symbol, TensorView view) => With(symbol, view, Access.ReadWrite);

    /// <summary>Adds a gradient: updated where it accumulates, written otherwise; the shader's <c>accumulate</c> constant says which.</summary>
    public ShaderDispatch Gradient(string symbol, Gradient gradient)
        => With(symbol, gradient.View, gradient.Accumulate ? Access.ReadWrite : Access.Write).Specialize("accumulate", gradient.Accumulate);

    /// <summary>Adds what include/masking.glsl declares: the range that a tensor was clamped to, and whether its gradient is masked by that.</summary>
    public ShaderDispatch MaskedBy(OutputRange range, bool masked)
        => Specialize("masked", masked).Specialize("floored", !masked || float.IsFinite(range.Low)).Specialize("capped", masked && float.IsFinite(range.High))
            .With("low", range.Low).With("high", range.High);

    /// <summary>The same with the clamped tensor as <c>v</c>, unless the range is everything; <paramref name="unread"/> then stands for it.</summary>
    public ShaderDispatch Masked(TensorView value, OutputRange range, TensorView unread)
        => Read("v", range.IsAll ? unread : value).With("vRowStride", value.RowStride).MaskedBy(range, !range.IsAll);

    /// <summary>Adds integer push constants.</summary>
    public ShaderDispatch With(string name, int value) => this with { Push = Push.Add(Constant.Of(name, value)) };

    /// <summary>Adds a float push constant.</summary>
    public ShaderDispatch With(string name, float value) => this with { Push = Push.Add(Constant.Of(name, value)) };

    /// <summary>Adds a float push constant that was computed: a kernel in double takes this value, not the shortest decimal of its rounding.</summary>
    public ShaderDispatch With(string name, double value) => this with { Push = Push.Add(Constant.Of(name, value)) };

    /// <summary>Adds an integer specialization constant.</summary>
    public ShaderDispatch Specialize(string name, int value) => this with { Specialization = Specialization.Add(Constant.Of(name, value)) };

    /// <summary>Adds a boolean specialization constant.</summary>
    public ShaderDispatch Specialize(string name, bool value) => this with { Specialization = Specialization.Add(Constant.Of(name, value)) };

    /// <summary>Sets the number of invocations; the device's default workgroup size applies.</summary>
    public ShaderDispatch Over(long threads) => this with { Threads = threads };

    /// <summary>Sets the workgroups and their size.</summary>
    public ShaderDispatch Groups(int x, int y, int z, int localSize, bool wholeSubgroup = false)
        => this with { GroupsX = x, GroupsY = y, GroupsZ = z, LocalSize = localSize, WholeSubgroup = wholeSubgroup };

    private ShaderDispatch With(string symbol, TensorView view, Access access)
        => new(Kernel, tensors.Add(new KernelTensor(symbol, view, access)))
        {
            Push = Push,
            Specialization = Specialization,
            LocalSize = LocalSize,
            WholeSubgroup = WholeSubgroup,
            SubgroupSize = SubgroupSize,
            GroupsX = GroupsX,
            GroupsY = GroupsY,
            GroupsZ = GroupsZ,
            Threads = Threads,
        };
}

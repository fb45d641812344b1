namespace VkInception.Vulkan;

/// <summary>An open Vulkan device: memory, kernels, recording and submission on one compute queue.</summary>
/// <remarks>
/// Thread-safe: every method may be called from several threads at once, <see cref="Dispose"/> too. Disposing waits for calls in progress and for the
/// device, and gives everything back that it made, in order; what was made from it may be disposed before or after. Calls that come later
/// raise <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class GpuDevice : IDisposable
{
    /// <summary>The variable that chooses the device where the selector is <c>auto</c>.</summary>
    public const string SelectorVariable = "VKINCEPTION_DEVICE";

    private readonly DeviceContext context;
    private readonly MemoryAllocator allocator;
    private readonly SubmissionQueue queue;
    private readonly StagingPool staging;
    private readonly PipelineStore pipelines;
    private readonly KernelCache kernels;
    private readonly string selector;
    private readonly DeviceOptions options;
    private int disposed;

    private GpuDevice(DeviceContext context, string cacheFolder, string selector, DeviceOptions options)
    {
        this.context = context;
        this.selector = selector;
        this.options = options;
        CacheFolder = cacheFolder.Length > 0 ? cacheFolder : null;
        allocator = new MemoryAllocator(context);
        queue = new SubmissionQueue(context);
        try
        {
            pipelines = new PipelineStore(context, cacheFolder);
        }
        catch
        {
            queue.Dispose();
            throw;
        }
        staging = new StagingPool(context, allocator, queue);
        kernels = new KernelCache(context, pipelines);
    }

    /// <summary>What the device is and can do.</summary>
    public DeviceInfo Info => context.Candidate.Info;

    /// <summary>What the allocator holds now, staging included.</summary>
    /// <exception cref="ObjectDisposedException">The device was disposed.</exception>
    public DeviceMemoryUse MemoryUse
    {
        get
        {
            using DeviceUse use = context.Enter();
            queue.DestroyRetired();
            return allocator.Use();
        }
    }

    /// <summary>What the validation layer reported so far (errors and warnings); empty without <see cref="DeviceOptions.Validation"/>.</summary>
    public IReadOnlyList<string> ValidationMessages => context.Instance.Log.Messages;

    /// <summary>True where missing barriers between copies are reported too; false without <see cref="DeviceOptions.Validation"/>, or where the layer cannot.</summary>
    internal bool ValidatesSynchronization => context.Instance.ValidatesSynchronization;

    /// <summary>Kernels made by the driver since the device was opened.</summary>
    public long PipelinesCreated => kernels.Created;

    /// <summary>True when the pipeline cache was found on disk, sound and this device's.</summary>
    public bool PipelineCacheLoaded => pipelines.LoadedFromDisk;

    /// <summary>The folder of everything that can be rebuilt, as <see cref="DeviceOptions.CacheFolder"/> or its default says; null where nothing is kept on disk.</summary>
    public string? CacheFolder { get; }

    /// <summary>The pipeline cache's file; null where none is kept.</summary>
    public string? PipelineCachePath => pipelines.Path;

    /// <summary>Null, or why the pipeline cache's file was ignored or not written; never an error, only slower starts.</summary>
    public string? PipelineCacheProblem => pipelines.Problem;

    /// <summary>True once a call reported that the device was lost. What was made from it is of no use then: <see cref="Reopen"/>, and compile models anew.</summary>
    public bool IsLost => context.Lost;

    /// <summary>Value of the latest submission, uploads included; 0 before the first.</summary>
    public ulong LastSubmission => queue.Submitted;

    /// <summary>Work that one submission may hold; see <see cref="DeviceOptions.SubmissionWork"/>. Whoever records long work splits it there (<see cref="CommandRecorder.Split"/>).</summary>
    public long SubmissionWork => options.SubmissionWork > 0 ? options.SubmissionWork : Info.Type == DeviceType.DiscreteGpu ? 64_000_000_000 : 8_000_000_000;

    /// <summary>Every Vulkan device of this machine, those that cannot be used included, one entry per device.</summary>
    /// <returns>At least one.</returns>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.NoVulkanLoader"/>; <see cref="ErrorCode.NoDevice"/> when no driver is installed, or none finds a device.</exception>
    public static IReadOnlyList<DeviceInfo> List()
    {
        using var instance = VulkanInstance.Create(validation: false);
        return [.. Candidates(instance).Select(candidate => candidate.Info)];
    }

    /// <summary>Opens a device.</summary>
    /// <param name="selector"><c>auto</c> (or what <c>VKINCEPTION_DEVICE</c> says), an index of <see cref="List"/>, a UUID, or a part of a name that fits one device.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.NoVulkanLoader"/>, <see cref="ErrorCode.NoDevice"/>, <see cref="ErrorCode.UnknownDevice"/>, <see cref="ErrorCode.DeviceUnsuitable"/>, <see cref="ErrorCode.ValidationFailed"/> (layer missing) or what the driver reports.</exception>
    public static GpuDevice Open(string selector = "auto", DeviceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(selector);
        options ??= new DeviceOptions();
        if (selector.Trim().Equals("auto", StringComparison.OrdinalIgnoreCase))
            selector = Environment.GetEnvironmentVariable(SelectorVariable) ?? selector;
        var instance = VulkanInstance.Create(options.Validation);
        DeviceContext? context = null;
        try
        {
            DeviceCandidate candidate = DeviceChoice.Select(Candidates(instance), selector);
            context = DeviceCreation.Create(instance, candidate);
            return new GpuDevice(context, options.CacheFolder ?? Vulkan.CacheFolder.Default, selector, options);
        }
        catch
        {
            context?.DestroyDevice();
            instance.Dispose();
            throw;
        }
    }

    /// <summary>Opens the same device once more, with the same options: after a loss, which this object does not survive. Both are to be disposed, in any order.</summary>
    /// <exception cref="VkInceptionException">As for <see cref="Open"/>: the driver may need a moment after a loss.</exception>
    public GpuDevice Reopen() => Open(IsNamed ? Info.Uuid : selector, options);

    /// <summary>Takes memory for a buffer.</summary>
    /// <param name="bytes">Size, at least 1; contents are undefined.</param>
    /// <param name="use">Who touches it.</param>
    /// <param name="name">Name for messages and debuggers.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.OutOfDeviceMemory"/>, saying what was asked for and what is there.</exception>
    public GpuBuffer Allocate(long bytes, MemoryUse use, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        using DeviceUse call = context.Enter();
        return GpuBuffer.Create(context, allocator, queue, bytes, use, name);
    }

    /// <summary>A kernel with its constants set: made once, the same object for the same arguments.</summary>
    /// <param name="module">The shader.</param>
    /// <param name="specialization">Values by the names in the source; constants not named keep their defaults.</param>
    /// <param name="localSize">Invocations of a workgroup along x; becomes specialization constant 0 where the source says <c>local_size_x_id = 0</c>.</param>
    /// <param name="requiredSubgroupSize">Null for the device's own choice; else a power of two that the device offers. Full subgroups are asked for when it divides <paramref name="localSize"/>.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShaderFailed"/> for constants that the source lacks; <see cref="ErrorCode.DeviceUnsuitable"/> for features, sizes or subgroups that the device lacks.</exception>
    public ComputeKernel GetKernel(SpirvModule module, IReadOnlyList<KernelConstant> specialization, uint localSize, uint? requiredSubgroupSize = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(specialization);
        using DeviceUse use = context.Enter();
        return kernels.Get(module, specialization, localSize, requiredSubgroupSize);
    }

    /// <summary>Starts a recording.</summary>
    /// <param name="name">Name for messages and debuggers.</param>
    public CommandRecorder Record(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        using DeviceUse use = context.Enter();
        return new CommandRecorder(context, queue, name);
    }

    /// <summary>Submits a recording; it runs after, and sees the results of, everything submitted before. Returns at once.</summary>
    /// <returns>The timeline's value that says it is done.</returns>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.DeviceLost"/> and what else the driver reports.</exception>
    public ulong Submit(RecordedCommands commands)
    {
        ArgumentNullException.ThrowIfNull(commands);
        using DeviceUse use = context.Enter();
        return commands.Submit(context);
    }

    /// <summary>Blocks until a submission is done.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.DeviceLost"/>; <see cref="ErrorCode.InvalidArgument"/> for a value never returned by a submission.</exception>
    public void Wait(ulong value)
    {
        using DeviceUse use = context.Enter();
        queue.Wait(value);
    }

    /// <summary>Completes when a submission is done. Cancelling stops the waiting, not the work.</summary>
    /// <exception cref="VkInceptionException">As for <see cref="Wait"/>.</exception>
    public Task WaitAsync(ulong value, CancellationToken ct = default)
    {
        using DeviceUse use = context.Enter();
        if (ct.IsCancellationRequested)
            return Task.FromCanceled(ct);
        return queue.IsDone(value) ? Task.CompletedTask : Task.Run(() => WaitUntilDone(value, ct), ct);
    }

    /// <summary>True when a submission is done.</summary>
    /// <exception cref="VkInceptionException">As for <see cref="Wait"/>.</exception>
    public bool IsDone(ulong value)
    {
        using DeviceUse use = context.Enter();
        return queue.IsDone(value);
    }

    /// <summary>Writes to a buffer, after everything submitted before and before everything submitted later. <paramref name="data"/> is free when the call returns.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for a range outside the buffer.</exception>
    public void Upload(GpuBuffer destination, long offset, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using DeviceUse use = context.Enter();
        lock (destination.Copying)
        {
            Check(destination);
            staging.Upload(destination, offset, data);
        }
    }

    /// <summary>Reads from a buffer, after everything submitted before; blocks until the bytes are there.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for a range outside the buffer.</exception>
    public void Download(GpuBuffer source, long offset, Span<byte> data)
    {
        ArgumentNullException.ThrowIfNull(source);
        using DeviceUse use = context.Enter();
        lock (source.Copying)
        {
            Check(source);
            staging.Download(source, offset, data);
        }
    }

    /// <summary>Writes the pipeline cache to disk now (disposing does it too).</summary>
    /// <returns>False where no cache is kept, the driver does not hand it out or its folder cannot be written, see <see cref="PipelineCacheProblem"/>.</returns>
    public bool SavePipelineCache()
    {
        using DeviceUse use = context.Enter();
        return pipelines.Save();
    }

    /// <summary>Keeps the device open until the result is disposed; <see cref="Dispose"/> waits for it. For code that maps buffers, or makes several calls that belong together, while another thread may dispose the device.</summary>
    /// <exception cref="ObjectDisposedException">The device is disposed, or being disposed.</exception>
    public IDisposable KeepOpen() => context.Hold();

    /// <summary>Waits for the device, saves the pipeline cache and gives everything back. Twice is harmless.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        // From here on a child's own Dispose finds nothing left to give back.
        IReadOnlyList<IDeviceChild> children = context.Close();
        // A lost device cannot be waited for; everything is destroyed all the same.
        bool sound = context.WaitIdle();
        if (!sound)
            queue.Settle(queue.Submitted);
        if (sound && PipelinesCreated > 0)
            pipelines.Save();
        foreach (IDeviceChild child in children)
            child.TearDown();
        staging.Dispose();
        queue.Dispose();
        kernels.Dispose();
        pipelines.Dispose();
        context.DestroyDevice();
        context.Instance.Dispose();
    }

    /// <summary>Drivers that do not know their device say zero.</summary>
    private bool IsNamed => Info.Uuid != Guid.Empty.ToString();

    private static IReadOnlyList<DeviceCandidate> Candidates(VulkanInstance instance) =>
        DeviceChoice.Arrange([.. instance.PhysicalDevices().Select(device => DeviceProbe.Probe(instance, device))]);

    private void WaitUntilDone(ulong value, CancellationToken ct)
    {
        const ulong pollNanoseconds = 20_000_000;
        while (!TryWait(value, pollNanoseconds))
            ct.ThrowIfCancellationRequested();
    }

    private bool TryWait(ulong value, ulong nanoseconds)
    {
        using DeviceUse use = context.Enter();
        return queue.TryWait(value, nanoseconds);
    }

    private void Check(GpuBuffer buffer)
    {
        ObjectDisposedException.ThrowIf(buffer.IsDisposed, buffer);
        if (buffer.Owner != context)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"buffer '{buffer.Name}' belongs to another device");
    }
}

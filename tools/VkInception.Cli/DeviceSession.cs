using VkInception.Graph;
using VkInception.Kernels;
using VkInception.Vulkan;

namespace VkInception.Cli;

/// <summary>The device that the global options name, open for one command. It opens while the command reads its files.</summary>
internal sealed class DeviceSession : IDisposable
{
    private readonly CommandContext context;
    private readonly Task<GpuDevice> opening;
    private ConvolutionKernels? kernels;

    /// <summary>Begins to open it.</summary>
    /// <exception cref="VkInceptionException">What stands at the place of the profile is no trace.</exception>
    public DeviceSession(CommandContext context)
    {
        this.context = context;
        if (context.Settings.Profile is { } profile)
            Trace.RefuseOtherFiles(profile);
        opening = Task.Run(() => GpuDevice.Open(context.Settings.Device, new DeviceOptions { Validation = context.Settings.Validate }));
    }

    /// <summary>The device; waits until it is open.</summary>
    /// <exception cref="VkInceptionException">No loader, no driver, no such device, not good enough.</exception>
    public GpuDevice Device => opening.GetAwaiter().GetResult();

    /// <summary>Chooses the convolution kernels as the options say.</summary>
    /// <exception cref="VkInceptionException">No such kernel; what opening the device raises.</exception>
    public IKernelChooser Kernels => kernels ??= ChooseKernels();

    /// <summary>Compiles a model for the device, after a rehearsal while it opens.</summary>
    /// <exception cref="VkInceptionException">What opening the device and compiling raise.</exception>
    public CompiledModel Compile(Model model, CompileOptions options)
    {
        if (Environment.ProcessorCount > 1 && !opening.IsCompleted)
            Rehearsal.Run(model, options);
        return model.Compile(Device, options with { Kernels = Kernels });
    }

    /// <summary>What is left to do before the result of a run is shown: weights that are not finite, the trace, and what the validation layers had to say.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ValidationFailed"/>; what the trace raises.</exception>
    public void Finish(CompiledModel model) => Finish(model.Warnings, model.Plan.Network.Name, model.Profile);

    /// <inheritdoc cref="Finish(CompiledModel)"/>
    public void Finish(IReadOnlyList<string> warnings, string network, Func<IReadOnlyList<(string Label, double Milliseconds)>> profile)
    {
        foreach (string warning in warnings)
            context.Terminal.Warn($"{network}: {warning}");
        if (context.Settings.Profile is { } file)
        {
            Trace.Write(file, Device.Info.Name, profile());
            context.Terminal.Remark($"{file}: per-kernel trace; open it in Perfetto");
        }

        Finish();
    }

    /// <summary>What the validation layers had to say, where nothing was run.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ValidationFailed"/>.</exception>
    public void Finish()
    {
        IReadOnlyList<string> messages = Device.ValidationMessages;
        if (messages.Count == 0)
            return;
        foreach (string message in messages.Skip(1))
            context.Terminal.Remark(message);
        throw new VkInceptionException(ErrorCode.ValidationFailed, $"the validation layers reported {Counts.Of(messages.Count, "message")}; the first: {messages[0]}");
    }

    public void Dispose()
    {
        // A device that did not open was reported by whoever asked for it; where something else failed first, that is what counts.
        Task.WhenAny(opening).Wait();
        if (opening.IsCompletedSuccessfully)
            Device.Dispose();
    }

    private ConvolutionKernels ChooseKernels()
    {
        if (context.Settings.NoTuning)
            return new ConvolutionKernels(DeviceTraits.Of(Device.Info), context.Settings.Kernel);
        var tuned = ConvolutionKernels.Tuned(Device, context.Settings.Kernel);
        if (tuned.TuningProblem is { } problem)
            context.Terminal.Warn(problem);
        return tuned;
    }
}

using System.Runtime.ExceptionServices;
using VkInception.Graph.Planning;
using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>Makes the kernels of launches on the other processors while the caller does something else: compiling them is most of a start.</summary>
/// <remarks>The device keeps what is made, so whoever asks for the same kernel later finds it.</remarks>
internal sealed class KernelMaker : IDisposable
{
    private readonly GpuDevice device;
    private readonly CancellationToken cancel;
    private readonly Lazy<KernelOrder[]> orders;
    private readonly Task[] others;
    private ExceptionDispatchInfo? failure;
    private int next = -1;
    private volatile bool stopped;

    /// <summary>Starts.</summary>
    public KernelMaker(GpuDevice device, IReadOnlyList<PlanStep> steps, CancellationToken cancel)
    {
        this.device = device;
        this.cancel = cancel;
        orders = new Lazy<KernelOrder[]>(() => Orders(device.Info, steps));
        others = new Task[Math.Max(Environment.ProcessorCount - 1, 1)];
        for (int i = 0; i < others.Length; i++) others[i] = Task.Run(Work, CancellationToken.None);
    }

    /// <summary>Helps with those that are left, and returns when all are made.</summary>
    /// <exception cref="VkInceptionException">A shader that does not declare what its dispatch passes; Vulkan's errors: the first that any processor met.</exception>
    /// <exception cref="OperationCanceledException">When cancelled.</exception>
    public void Finish()
    {
        Work();
        Task.WaitAll(others, CancellationToken.None);
        failure?.Throw();
        cancel.ThrowIfCancellationRequested();
    }

    /// <summary>Stops between two kernels; the device may be disposed afterwards.</summary>
    public void Dispose()
    {
        stopped = true;
        Task.WaitAll(others, CancellationToken.None);
    }

    /// <summary>Each once, so that no processor waits for a kernel that another one is making; the longest first, so that none is left alone with it at the end.</summary>
    private static KernelOrder[] Orders(DeviceInfo device, IReadOnlyList<PlanStep> steps)
    {
        var found = new Dictionary<string, KernelOrder>();
        foreach (PlanStep step in steps)
        {
            var order = KernelOrder.Of(device, step.Launch);
            found.TryAdd(order.Key, order);
        }
        KernelOrder[] orders = [.. found.Values];
        Array.Sort(orders, (a, b) => b.Cost.CompareTo(a.Cost));
        return orders;
    }

    private void Work()
    {
        try
        {
            while (!stopped && !cancel.IsCancellationRequested && Interlocked.Increment(ref next) is var i && i < orders.Value.Length)
                orders.Value[i].Make(device);
        }
#pragma warning disable CA1031 // Kept, and thrown where the caller waits.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
            stopped = true;
        }
    }
}

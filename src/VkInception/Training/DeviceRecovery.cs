using VkInception.Vulkan;

namespace VkInception.Training;

/// <summary>How a run goes on whose device was lost: how often it may, and a new device in place of the old.</summary>
/// <remarks>Drivers lose a device when they are reset, updated, or when the machine sleeps; a program that is wrong loses it at the same step every time.</remarks>
internal sealed class DeviceRecovery : IDisposable
{
    /// <summary>Tries without a step more than ever before.</summary>
    private const int MostTries = 3;

    private GpuDevice? opened;
    private long furthest = -1;

    /// <summary>Waits before each try to open a device: a driver that is being reset needs seconds to come back.</summary>
    internal static IReadOnlyList<TimeSpan> Patience { get; set; } = [TimeSpan.Zero, TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6)];

    /// <summary>Losses since the run got further than ever before, the last included.</summary>
    public int Losses { get; private set; }

    /// <summary>Counts a loss after so many steps; false when it is time to give up.</summary>
    public bool MayTry(long step)
    {
        if (step > furthest) (furthest, Losses) = (step, 0);
        return ++Losses <= MostTries;
    }

    /// <summary>Opens the device anew; the one that an earlier call opened is disposed, the caller's own is not.</summary>
    /// <exception cref="VkInceptionException">The driver does not come back within seconds.</exception>
    /// <exception cref="OperationCanceledException">When cancelled while waiting for it.</exception>
    public GpuDevice Reopen(GpuDevice lost, CancellationToken cancel)
    {
        GpuDevice? before = opened;
        opened = null;
        try
        {
            return opened = Reopen(lost, 0, cancel);
        }
        finally
        {
            before?.Dispose();
        }
    }

    public void Dispose() => opened?.Dispose();

    private static GpuDevice Reopen(GpuDevice lost, int attempt, CancellationToken cancel)
    {
        cancel.WaitHandle.WaitOne(Patience[attempt]);
        cancel.ThrowIfCancellationRequested();
        try
        {
            return lost.Reopen();
        }
        catch (VkInceptionException) when (attempt < Patience.Count - 1)
        {
            return Reopen(lost, attempt + 1, cancel);
        }
    }
}

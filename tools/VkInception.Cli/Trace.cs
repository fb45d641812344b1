using System.Text.Json;
using VkInception.Cli.Documents;

namespace VkInception.Cli;

/// <summary>Per-kernel times as a file that Perfetto and Chrome's tracing page open.</summary>
internal static class Trace
{
    private static ReadOnlySpan<byte> Start => "{\"traceEvents\":"u8;

    /// <summary>Writes the kernels one after another, as they were measured.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.DeviceUnsuitable"/> when nothing could be measured; <see cref="ErrorCode.InputOutput"/>.</exception>
    public static void Write(string path, string device, IReadOnlyList<(string Label, double Milliseconds)> kernels)
    {
        if (kernels.Count == 0)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"--profile: {device} has no timestamps, so its kernels cannot be timed one by one");
        var events = new List<TraceEventDocument>(kernels.Count);
        double start = 0;
        foreach ((string label, double milliseconds) in kernels)
        {
            double duration = milliseconds * 1000;
            events.Add(new(label, "kernel", "X", start, duration, 1, 1));
            start += duration;
        }

        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, new TraceDocument(events), JsonDocuments.Plain.TraceDocument));
    }

    /// <summary>The word behind <c>--profile</c> is easily forgotten; then the next one, a photo, must not be lost.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> where a file of another kind is.</exception>
    public static void RefuseOtherFiles(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            return;
        Span<byte> start = stackalloc byte[Start.Length];
        using (FileStream existing = File.OpenRead(path))
        {
            if (existing.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(Start))
                return;
        }

        throw new VkInceptionException(ErrorCode.InvalidArgument, $"--profile {path}: is there already and is no trace of this program's; name another file");
    }
}

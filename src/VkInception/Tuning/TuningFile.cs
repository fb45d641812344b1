using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VkInception.Kernels;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.Tuning;

/// <summary>What was measured on one device, driver and set of kernels, in the user's cache folder. Trouble with it costs speed, never a result.</summary>
/// <remarks>
/// Text: a line with the format's name and the SHA-256 of the rest, hexadecimal; then one JSON object, from pieces of work
/// (<see cref="WorkKey"/>) to <see cref="TunedKernel"/>. A file that does not fit its checksum is ignored. Processes that write at the
/// same time take turns by a lock file and keep each other's entries.
/// </remarks>
internal sealed class TuningFile(string path)
{
    private const string Magic = "vkinception-tuning-1 ";
    private const long LargestFile = 64 << 20;
    private static readonly int HeaderBytes = Magic.Length + 2 * SHA256.HashSizeInBytes + 1;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Where it lies.</summary>
    public string Path { get; } = path;

    /// <summary>The file for a device and the kernels as they are now; null where the device keeps no caches.</summary>
    public static TuningFile? Of(GpuDevice device, KernelSet kernels)
    {
        if (device.CacheFolder is not { } folder) return null;
        return new TuningFile(System.IO.Path.Combine(folder, $"{Prefix(device)}{Identity(device.Info, kernels)[..16]}.json"));
    }

    /// <summary>Whether anything was ever measured on the device: cheaper to ask than which file is the one.</summary>
    public static bool IsLikely(GpuDevice device)
    {
        try
        {
            return device.CacheFolder is { } folder && Directory.Exists(folder) && Directory.EnumerateFiles(folder, $"{Prefix(device)}*.json").Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed may yet hold a file that can be read.
            return true;
        }
    }

    /// <summary>Everything that makes a measurement worthless when it changes: the device, its driver, how wide it runs, and the kernels.</summary>
    public static string Identity(DeviceInfo info, KernelSet kernels)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{info.Uuid}/{info.VendorId:x}/{info.DeviceId:x}/{info.Name}/{info.DriverName}/{info.DriverVersion}/{info.SubgroupSize}\n");
        text.AppendJoin(',', kernels.Names).Append('\n');
        foreach (string shader in ShaderLibrary.Names.Where(n => n.StartsWith("conv2d_", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            text.Append(shader).Append('=').Append(ShaderLibrary.HashOf(shader)).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>What is known; nothing, with the reason, where the file is damaged or cannot be read, and nothing without one where there is no file.</summary>
    public IReadOnlyDictionary<string, TunedKernel> Read(out string? problem)
    {
        problem = null;
        try
        {
            if (RegularFile.LengthOf(Path) is not { } length) return ImmutableDictionary<string, TunedKernel>.Empty;
            if (length == 0) return Ignore("empty, or no file", out problem);
            using FileStream stream = File.OpenRead(Path);
            if (stream.Length < HeaderBytes || stream.Length > LargestFile) return Ignore($"{stream.Length} bytes are no such file", out problem);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Parse(bytes, out problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Ignore(e.Message, out problem);
        }
    }

    /// <summary>Adds entries to what the file holds by now, newer ones in the place of older ones.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the folder cannot be written, or another process holds the file for long.</exception>
    public void Merge(IReadOnlyDictionary<string, TunedKernel> entries)
    {
        using FileStream held = Lock();
        var all = new SortedDictionary<string, TunedKernel>(Read(out _).ToDictionary(), StringComparer.Ordinal);
        foreach ((string key, TunedKernel kernel) in entries) all[key] = kernel;
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(all, TuningJson.Default.SortedDictionaryStringTunedKernel);
        byte[] header = Encoding.ASCII.GetBytes($"{Magic}{Convert.ToHexStringLower(SHA256.HashData(body))}\n");
        AtomicFile.Write(Path, (byte[])[.. header, .. body]);
    }

    private static string Prefix(GpuDevice device) => $"tuning-{device.Info.Uuid}-";

    private IReadOnlyDictionary<string, TunedKernel> Parse(byte[] bytes, out string? problem)
    {
        problem = null;
        ReadOnlySpan<byte> body = bytes.AsSpan(HeaderBytes);
        string expected = $"{Magic}{Convert.ToHexStringLower(SHA256.HashData(body))}\n";
        if (!bytes.AsSpan(0, HeaderBytes).SequenceEqual(Encoding.ASCII.GetBytes(expected))) return Ignore("its checksum does not match", out problem);
        try
        {
            if (JsonSerializer.Deserialize(body, TuningJson.Default.SortedDictionaryStringTunedKernel) is not { } entries) return Ignore("it holds nothing", out problem);
            // The serializer sees to what an entry holds, not to an entry that is null.
            return entries.Values.All(e => e is { Milliseconds: > 0 } && double.IsFinite(e.Milliseconds)) ? entries : Ignore("it holds measurements that nobody made", out problem);
        }
        catch (JsonException e)
        {
            return Ignore(e.Message, out problem);
        }
    }

    /// <summary>The system gives the lock back when the process ends, however it ends.</summary>
    private FileStream Lock()
    {
        string name = $"{Path}.lock";
        DateTime until = DateTime.UtcNow + LongestWait;
        while (true)
        {
            try
            {
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
                return new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!File.Exists(name) || DateTime.UtcNow > until)
                    throw new VkInceptionException(ErrorCode.InputOutput, $"{Path}: what was measured cannot be kept: {e.Message}", e);
                Thread.Sleep(Pause);
            }
        }
    }

    private ImmutableDictionary<string, TunedKernel> Ignore(string reason, out string? problem)
    {
        problem = VkInceptionException.OneLine($"{Path}: tuned kernels ignored: {reason}; run 'vkinception tune' again");
        return ImmutableDictionary<string, TunedKernel>.Empty;
    }
}

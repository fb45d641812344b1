using System.Diagnostics;
using NUnit.Framework;
using VkInception.Tests.Training;
using VkInception.Vulkan;

namespace VkInception.Tests.Cli;

/// <summary>Whatever has become of the folder of caches, results are right; what cannot be kept costs time, or one line of the command that is there to keep it.</summary>
public class CacheCommandTests
{
    private const int Patience = 120_000;
    private TinyInference tiny = null!;
    private string? before;

    private string Cache => tiny.PathOf("cache");

    [SetUp]
    public void Make()
    {
        tiny = new TinyInference();
        before = Environment.GetEnvironmentVariable(CacheFolder.Variable);
        Environment.SetEnvironmentVariable(CacheFolder.Variable, Cache);
    }

    [TearDown]
    public void Remove()
    {
        Environment.SetEnvironmentVariable(CacheFolder.Variable, before);
        tiny.Dispose();
    }

    [TestCase("a flipped bit")]
    [TestCase("a half")]
    [TestCase("another driver's")]
    [TestCase("a file that may not be written")]
    [TestCase("a folder in the file's place")]
    [TestCase("a file in the folder's place")]
    public async Task AResultIsRightWhateverLiesThere(string what)
    {
        byte[] expected = await ResultAsync("first.npy");
        if (Directory.GetFiles(Cache, "pipelines-*") is not [{ } file]) Assert.Ignore("this driver hands out no pipeline cache");
        else Spoil(file, what);
        Assert.That(await ResultAsync("second.npy"), Is.EqualTo(expected));
        Assert.That(await ResultAsync("third.npy"), Is.EqualTo(expected));
        if (what.StartsWith("a f", StringComparison.Ordinal) && what.EndsWith("place", StringComparison.Ordinal)) return;
        using GpuDevice device = GpuDevice.Open();
        Assert.That((device.PipelineCacheLoaded, device.PipelineCacheProblem), Is.EqualTo((true, (string?)null)), "a sound one took its place");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task AFullOrReadOnlyDiskCostsNothingButTime(bool isFull)
    {
        byte[] expected = await ResultAsync("first.npy");
        using TinyDisk disk = TinyDisk.Mount(tiny.Path, 64);
        Environment.SetEnvironmentVariable(CacheFolder.Variable, disk.Path);
        if (isFull) disk.Fill();
        else disk.MakeReadOnly();
        Assert.That(await ResultAsync("second.npy"), Is.EqualTo(expected));

        Invocation tune = await Invocation.RunAsync("tune", "lenet5", "--quiet");
        Assert.That(tune.ExitCode, Is.EqualTo(1));
        Assert.That(tune.ErrorLines, Has.Length.EqualTo(1).And.All.Contains(disk.Path));
        Assert.That((await Invocation.RunAsync("plan", "lenet5", "--quiet")).ExitCode, Is.Zero);
        Assert.That(Directory.GetFiles(disk.Path).Select(Path.GetFileName).Where(n => n!.EndsWith(".tmp", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task TwoProcessesAtOnceLeaveWholeCaches()
    {
        byte[] expected = await ResultAsync("first.npy");
        for (int round = 0; round < 3; round++)
        {
            Directory.Delete(Cache, recursive: true);
            Together(tiny.Run("a.npy"), tiny.Run("b.npy"));
            Assert.That(File.ReadAllBytes(tiny.PathOf("a.npy")), Is.EqualTo(expected));
            Assert.That(File.ReadAllBytes(tiny.PathOf("b.npy")), Is.EqualTo(expected));
            using GpuDevice device = GpuDevice.Open();
            Assert.That(device.PipelineCacheProblem, Is.Null);
            Assert.That(device.PipelineCacheLoaded, Is.EqualTo(File.Exists(device.PipelineCachePath)));
        }
        Together(["tune", "lenet5", "--quiet"], ["tune", "lenet5", "--batch", "2", "--quiet"]);
        foreach (string batch in (string[])["1", "2"])
        {
            Invocation plan = await Invocation.RunAsync("plan", "lenet5", "--batch", batch, "--json");
            Assert.That(plan.Error, Is.Empty);
            Assert.That(plan.Json.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("chosenBy").GetString()).Where(c => c is not null), Has.All.EqualTo("tuned"), "neither lost what the other measured");
        }
        Assert.That(Directory.GetFiles(Cache, "*", new EnumerationOptions { AttributesToSkip = 0 }).Where(f => f.EndsWith(".tmp", StringComparison.Ordinal)), Is.Empty);
    }

    private void Spoil(string file, string what)
    {
        byte[] sound = File.ReadAllBytes(file);
        switch (what)
        {
            case "a flipped bit":
                sound[sound.Length / 2] ^= 4;
                File.WriteAllBytes(file, sound);
                break;
            case "a half":
                File.WriteAllBytes(file, sound[..(sound.Length / 2)]);
                break;
            case "another driver's":
                const int identity = 40;
                sound[identity] ^= 1;
                System.Security.Cryptography.SHA256.HashData(sound.AsSpan(identity), sound.AsSpan(8, 32));
                File.WriteAllBytes(file, sound);
                break;
            case "a file that may not be written":
                File.WriteAllBytes(file, sound[..^1]);
                File.SetAttributes(file, FileAttributes.ReadOnly);
                break;
            case "a folder in the file's place":
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
            default:
                Directory.Delete(Cache, recursive: true);
                File.WriteAllBytes(Cache, sound);
                break;
        }
    }

    private async Task<byte[]> ResultAsync(string output)
    {
        Invocation run = await Invocation.RunAsync(tiny.Run(output));
        Assert.That((run.ExitCode, run.Error), Is.EqualTo((0, "")));
        return File.ReadAllBytes(tiny.PathOf(output));
    }

    private static void Together(params string[][] commands)
    {
        Process[] processes = [.. commands.Select(words => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "VkInception.Cli.dll"), .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!)];
        Task<string>[] told = [.. processes.SelectMany(p => (Task<string>[])[p.StandardOutput.ReadToEndAsync(), p.StandardError.ReadToEndAsync()])];
        foreach (Process process in processes) Assert.That(process.WaitForExit(Patience), Is.True);
        Assert.That(processes.Select(p => p.ExitCode), Has.All.Zero, string.Join(' ', told.Select(t => t.Result)));
        foreach (Process process in processes) process.Dispose();
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;
using VkInception.Tests.Training;
using VkInception.Weights;

namespace VkInception.Tests.Cli;

/// <summary><c>train</c> as a process: stopped by signals, and killed.</summary>
public class TrainProcessTests
{
    private const int Kills = 20;
    private const int Patience = 120_000;

    private TinyTraining tiny = null!;

    [SetUp]
    public void Make() => tiny = new TinyTraining();

    [TearDown]
    public void Remove() => tiny.Dispose();

    [TestCase("INT")]
    [TestCase("TERM")]
    public void ASignalFinishesTheStepSavesAndEndsInZero(string signal)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS()) Assert.Ignore("sends POSIX signals");
        using Process process = Start(tiny.Train("run", "--epochs", "100000", "--checkpoint-steps", "4"));
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        WaitForStep("run", 5, process);
        if (signal == "INT" && IgnoresInterrupts(process))
        {
            process.Kill();
            Assert.Ignore("the tests were started in the background of a shell, where programs ignore SIGINT");
        }
        Signal(process, signal);

        Assert.That(process.WaitForExit(Patience), Is.True);
        Assert.That(process.ExitCode, Is.Zero, error.Result);
        JsonElement done = JsonDocument.Parse(output.Result).RootElement;
        Assert.That(done.GetProperty("finished").GetBoolean(), Is.False);
        Assert.That(NewestStep("run"), Is.EqualTo(done.GetProperty("steps").GetInt64()).And.GreaterThanOrEqualTo(5), "what is done is saved");
        Assert.That(error.Result, Is.Empty);
    }

    [Test]
    public void OnADiskThatFillsTrainingGoesOnAndTheLastGoodCheckpointStays()
    {
        using TinyDisk disk = TinyDisk.Mount(tiny.Folder.Path, 2048);
        string run = Path.Combine(disk.Path, "run");
        string[] words = ["--epochs", "100000", "--checkpoint-steps", "2"];
        string told;
        using (Process process = Start(tiny.Train(run, words)))
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            WaitForStep(run, 4, process);
            disk.Fill();
            told = process.StandardError.ReadLine()!;
            // Long enough for many steps.
            Thread.Sleep(2000);
            Assert.That(process.HasExited, Is.False);
            Signal(process, "TERM");
            told += process.StandardError.ReadToEnd();
            Assert.That(process.WaitForExit(Patience), Is.True);
            Assert.That((process.ExitCode, output.Result), Is.EqualTo((1, "")), told);
        }
        Match end = Regex.Match(told, "([0-9]+) steps done, but the end could not be saved; the last good checkpoint is .*checkpoint-([0-9]+)");
        Assert.That(end.Success, Is.True, told);
        Assert.That(told, Does.Contain("No space left"));
        long steps = long.Parse(end.Groups[1].ValueSpan, CultureInfo.InvariantCulture), good = long.Parse(end.Groups[2].ValueSpan, CultureInfo.InvariantCulture);
        Assert.That((NewestStep(run), steps > good + 10), Is.EqualTo((good, true)), told);

        disk.Empty();
        using Process resumed = Start(tiny.Train(run, [.. words, "--resume"]));
        Task<string> error = resumed.StandardError.ReadToEndAsync();
        WaitForStep(run, good + 2, resumed);
        Signal(resumed, "TERM");
        Assert.That(resumed.WaitForExit(Patience), Is.True);
        Assert.That((resumed.ExitCode, error.Result), Is.EqualTo((0, "")), "the checkpoint was whole");
    }

    /// <summary>Killed again and again at moments that chance decides, some of them while a checkpoint is written, and gone on with each time.</summary>
    [Test]
    public void KilledTwentyTimesItEndsInTheSameBits()
    {
        const int Epochs = 60, Steps = 6 * Epochs;
        string[] words = ["--epochs", $"{Epochs}", "--checkpoint-steps", "1", "--resume"];
        using (Process whole = Start(tiny.Train("whole", words)))
        {
            Task<string> error = whole.StandardError.ReadToEndAsync();
            whole.StandardOutput.ReadToEnd();
            whole.WaitForExit();
            Assert.That(whole.ExitCode, Is.Zero, error.Result);
        }
        var random = new Random(2014);
        int kills = 0;
        while (true)
        {
            using Process process = Start(tiny.Train("killed", words));
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (kills < Kills)
            {
                // Now and then before it has taken a step; else some way into its share of the steps.
                if (random.Next(8) == 0) Thread.Sleep(random.Next(1000));
                else WaitForStep("killed", Math.Min(Steps - 5, kills * Steps / Kills + random.Next(Steps / Kills)), process);
                Thread.Sleep(random.Next(30));
                process.Kill();
            }
            Assert.That(process.WaitForExit(Patience), Is.True);
            if (process.ExitCode == 0) break;
            kills++;
            Assert.That(kills, Is.LessThanOrEqualTo(Kills), $"{output.Result}{error.Result}");
        }
        Assert.That(kills, Is.EqualTo(Kills), "the run was over too soon to be killed so often");
        foreach (string file in (string[])["final.safetensors", "best.safetensors"])
            Assert.That(File.ReadAllBytes(tiny.PathOf($"killed/{file}")), Is.EqualTo(File.ReadAllBytes(tiny.PathOf($"whole/{file}"))), file);
        using Checkpoint a = Checkpoint.Open(tiny.PathOf($"whole/checkpoint-{Steps:D9}.safetensors")), b = Checkpoint.Open(tiny.PathOf($"killed/checkpoint-{Steps:D9}.safetensors"));
        Assert.That(b.Tensors.Select(t => t.Name), Is.EqualTo(a.Tensors.Select(t => t.Name)));
        foreach ((NamedTensor whole, NamedTensor killed) in a.Tensors.Zip(b.Tensors))
            Assert.That(killed.ToFloat32().Select(BitConverter.SingleToUInt32Bits), Is.EqualTo(whole.ToFloat32().Select(BitConverter.SingleToUInt32Bits)), whole.Name);
        Assert.That(Directory.GetFiles(tiny.PathOf("killed"), ".*.tmp"), Is.Empty, "what was half written is gone");
    }

    private static Process Start(string[] arguments)
        => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "VkInception.Cli.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    /// <summary>A shell without job control starts what runs in its background with SIGINT (signal 2) ignored, and that is inherited.</summary>
    private static bool IgnoresInterrupts(Process process)
        => OperatingSystem.IsLinux() && File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
            && (ulong.Parse(ignored.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;

    private static void Signal(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private void WaitForStep(string run, long step, Process process)
    {
        long start = Stopwatch.GetTimestamp();
        while (NewestStep(run) < step && !process.HasExited)
        {
            Assert.That(Stopwatch.GetElapsedTime(start).TotalMilliseconds, Is.LessThan(Patience), $"step {step} never came");
            Thread.Sleep(2);
        }
    }

    private long NewestStep(string run)
    {
        string folder = tiny.PathOf(run);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "checkpoint-*.safetensors").Select(f => long.Parse(Path.GetFileName(f)[11..20], CultureInfo.InvariantCulture)).DefaultIfEmpty().Max() : 0;
    }
}

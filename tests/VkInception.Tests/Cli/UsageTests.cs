using NUnit.Framework;
using VkInception.Cli;

namespace VkInception.Tests.Cli;

/// <summary>Words into commands: help, wrong usage, where global options may stand.</summary>
public class UsageTests
{
    private static readonly string[] commands = ["classify", "train", "evaluate", "run", "visualize", "gradients", "devices", "models", "summary", "compare", "import", "inspect", "plan", "tune", "bench"];

    private static IEnumerable<string> Commands => commands;

    [Test]
    public void TheCommandsAreThoseOfTheContract() => Assert.That(CommandList.Create().Select(c => c.Name), Is.EquivalentTo(commands));

    [TestCaseSource(nameof(Commands))]
    public async Task HelpShowsUsageAndExamplesThatParse(string command)
    {
        Invocation help = await Invocation.RunAsync(command, "--help");

        Assert.That(help.ExitCode, Is.Zero);
        Assert.That(help.Error, Is.Empty);
        Assert.That(help.Output, Does.Contain($"vkinception {command}").And.Contain("Examples:").And.Contain("--device"));
    }

    [TestCaseSource(nameof(Commands))]
    public void EveryExampleIsOfItsCommand(string command) =>
        Assert.That(CommandList.Create().Single(c => c.Name == command).Examples, Is.Not.Empty.And.All.StartsWith(command));

    [Test]
    public async Task TheProgramsHelpListsEveryCommand()
    {
        Invocation help = await Invocation.RunAsync("--help");

        Assert.That(help.ExitCode, Is.Zero);
        foreach (string command in commands)
            Assert.That(help.Output, Does.Contain($"  {command} "));
    }

    [TestCase]
    [TestCase("teach", "--data", "x")]
    [TestCase("summary")]
    [TestCase("summary", "googlenet", "more")]
    [TestCase("summary", "googlenet", "--nonsense")]
    [TestCase("summary", "--nonsense")]
    [TestCase("models", "--precision", "fp15")]
    [TestCase("models", "--device")]
    [TestCase("devices", "--profile", "p.json")]
    [TestCase("--profile", "p.json", "models")]
    [TestCase("summary", "googlenet", "--profile", "p.json")]
    [TestCase("plan", "googlenet", "--profile", "p.json")]
    [TestCase("inspect", "x.npz", "--profile", "p.json")]
    [TestCase("import", "x.npz", "--model", "googlenet", "-o", "y.safetensors", "--profile", "p.json")]
    [TestCase("classify", "--top", "5")]
    [TestCase("classify", "a.jpg", "--top", "none")]
    [TestCase("classify", "a.jpg", "--top", "0")]
    [TestCase("classify", "a.jpg", "--tpo", "5")]
    [TestCase("classify", "a.jpg", "--crops", "3")]
    [TestCase("classify", "a.jpg", "--mean", "1,2")]
    [TestCase("run", "googlenet", "--input", "x.npy")]
    [TestCase("import", "x.npz", "--model", "googlenet")]
    [TestCase("classify", "a.jpg", "--mean", "1,2,nan")]
    [TestCase("classify", "a.jpg", "--std", "0,0,0")]
    [TestCase("classify", "a.jpg", "--scale", "nan")]
    [TestCase("classify", "a.jpg", "--scale", "0")]
    [TestCase("classify", "a.jpg", "--resize", "wrap")]
    [TestCase("classify", "a.jpg", "--resize-to", "0")]
    [TestCase("classify", "a.jpg", "--labels", "")]
    [TestCase("classify", "")]
    [TestCase("inspect", "")]
    [TestCase("run", "googlenet", "--input", "x.npy", "--output", "")]
    [TestCase("models", "--device", "")]
    [TestCase("models", "--profile", "")]
    [TestCase("plan", "googlenet", "--batch", "99999999999999")]
    [TestCase("plan", "googlenet", "--batch", "1.5")]
    [TestCase("plan", "googlenet", "--batch", "0")]
    public async Task WrongUsageIsTwoWithNothingOnStandardOutput(params string[] arguments)
    {
        Invocation wrong = await Invocation.RunAsync(arguments);

        Assert.That(wrong.ExitCode, Is.EqualTo(2));
        Assert.That(wrong.Output, Is.Empty);
        Assert.That(wrong.ErrorLines[0], Does.StartWith("vkinception: ").And.Not.Contains("System."));
        Assert.That(wrong.ErrorLines[^1], Does.StartWith("See 'vkinception"));
    }

    [TestCase("--json", "models")]
    [TestCase("models", "--json")]
    [TestCase("--device", "0", "models", "--quiet", "--json")]
    public async Task GlobalOptionsStandBeforeOrAfterTheCommand(params string[] arguments)
    {
        Invocation models = await Invocation.RunAsync(arguments);

        Assert.That(models.ExitCode, Is.Zero);
        Assert.That(models.Json.EnumerateArray().Select(m => m.GetProperty("name").GetString()), Does.Contain("googlenet"));
    }

    [TestCase("models", "--precision", "mixed")]
    [TestCase("plan", "googlenet", "--precision", "mixed")]
    [TestCase("bench", "--precision", "mixed")]
    public async Task MixedPrecisionIsForTraining(params string[] arguments)
    {
        Invocation refused = await Invocation.RunAsync(arguments);

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Output, Is.Empty);
        Assert.That(refused.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("mixed is for training"));
    }

    [TestCase("--precision", "fp16", "models")]
    [TestCase("train", "--data", "folder", "--precision", "fp16", "--out", "run")]
    [TestCase("plan", "googlenet", "--train", "--precision", "fp16")]
    [TestCase("bench", "--train", "--precision", "fp16")]
    public async Task HalfPrecisionIsForInference(params string[] arguments)
    {
        Invocation refused = await Invocation.RunAsync(arguments);

        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Output, Is.Empty);
        Assert.That(refused.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("fp16 is for inference"));
    }

    [Test]
    public async Task VersionIsAloneOnItsLine()
    {
        Invocation version = await Invocation.RunAsync("--version");

        Assert.That(version.ExitCode, Is.Zero);
        Assert.That(version.Output, Does.Match(@"^\d+\.\d+\.\d+\n$"));
    }

    [Test]
    public async Task AFileNameNeitherBreaksTheLineNorSteersTheTerminal()
    {
        Invocation missing = await Invocation.RunAsync("inspect", "no\nsuch\u001b[31m.npz");

        Assert.That(missing.ExitCode, Is.EqualTo(1));
        Assert.That(missing.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(missing.Error.TrimEnd('\n'), Has.None.Matches<char>(char.IsControl));
    }

    [TestCase("--help")]
    [TestCase("models")]
    [TestCase("models", "--json")]
    [TestCase("summary", "nonesuch")]
    [TestCase("nonesuch")]
    public async Task StreamsThatRefuseEndInAnExitCode(params string[] arguments)
    {
        using var full = new StreamWriter(new FullStream()) { AutoFlush = true };

        int code = await CommandLine.RunAsync(arguments, new OutputStreams(full, full, false, false), CancellationToken.None);

        Assert.That(code, Is.EqualTo(arguments is ["nonesuch"] ? 2 : 1));
    }

    /// <summary>A closed or full standard stream.</summary>
    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}

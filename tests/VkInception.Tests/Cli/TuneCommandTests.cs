using System.Text.Json;
using NUnit.Framework;
using VkInception.Vulkan;

namespace VkInception.Tests.Cli;

/// <summary>From <c>tune</c> to the plan that takes what was measured.</summary>
public class TuneCommandTests
{
    private string folder = "";
    private string? before;

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("vkinception-tune-").FullName;
        before = Environment.GetEnvironmentVariable(CacheFolder.Variable);
        Environment.SetEnvironmentVariable(CacheFolder.Variable, folder);
    }

    [TearDown]
    public void RemoveFolder()
    {
        Environment.SetEnvironmentVariable(CacheFolder.Variable, before);
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task TuneFillsTheCacheThatPlansTakeUnlessTheyAreToldNotTo()
    {
        Assert.That(await ChosenBy(), Has.All.EqualTo("heuristic"));

        Invocation tune = await Invocation.RunAsync("tune", "lenet5", "--json");
        Assert.That(tune.ExitCode, Is.Zero, tune.Error);
        Assert.That(tune.Json.EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "model", "device", "driver", "precision", "batch", "train", "seconds", "complete", "file", "heuristicMs", "tunedMs", "works" }));
        Assert.That(tune.Json.GetProperty("works")[0].EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "work", "count", "kernel", "milliseconds", "heuristic", "heuristicMilliseconds", "known", "candidates" }));
        Assert.That(tune.Json.GetProperty("works")[0].GetProperty("candidates")[0].EnumerateObject().Select(p => p.Name), Is.EqualTo(new[] { "kernel", "outcome", "milliseconds", "note" }));
        Assert.That(tune.Json.GetProperty("works").EnumerateArray().Select(w => w.GetProperty("candidates").EnumerateArray().Count(c => c.GetProperty("outcome").GetString() == "chosen")), Has.All.EqualTo(1));
        Assert.That(tune.Json.GetProperty("tunedMs").GetDouble(), Is.Positive.And.LessThanOrEqualTo(1.001 * tune.Json.GetProperty("heuristicMs").GetDouble()));
        Assert.That(File.Exists(tune.Json.GetProperty("file").GetString()), Is.True);

        Assert.That(await ChosenBy(), Has.All.EqualTo("tuned"));
        Assert.That(await ChosenBy("--no-tuning"), Has.All.EqualTo("heuristic"));
        Assert.That(await ChosenBy("--kernel", "plain-1x1"), Has.All.EqualTo("forced"));
        Assert.That(await ChosenBy("--batch", "3"), Has.All.EqualTo("heuristic"), "other shapes were not measured");
    }

    [Test]
    public async Task ADamagedFileIsSaidOnceAndIgnored()
    {
        Invocation tune = await Invocation.RunAsync("tune", "lenet5", "--json");
        string file = tune.Json.GetProperty("file").GetString()!;
        File.WriteAllText(file, "nonsense");
        Invocation plan = await Invocation.RunAsync("plan", "lenet5", "--json");
        Assert.That(plan.ExitCode, Is.Zero);
        Assert.That(plan.Error.Split('\n').Count(line => line.Contains(file, StringComparison.Ordinal)), Is.EqualTo(1), plan.Error);
    }

    [TestCase("tune", "lenet5", "--kernel", "plain")]
    [TestCase("tune", "lenet5", "--no-tuning")]
    [TestCase("tune", "lenet5", "--budget", "0")]
    [TestCase("summary", "lenet5", "--kernel", "plain")]
    public async Task WhatMakesNoSenseIsWrongUsage(params string[] words) => Assert.That((await Invocation.RunAsync(words)).ExitCode, Is.EqualTo(2));

    [Test]
    public async Task AnUnknownKernelListsAllInOneLine()
    {
        Invocation plan = await Invocation.RunAsync("plan", "lenet5", "--kernel", "nonsense");
        Assert.That(plan.ExitCode, Is.EqualTo(1));
        Assert.That(plan.Error.Trim(), Does.Contain("nonsense").And.Contain("plain-7x1").And.Contain("filter-plain-8x1").And.Not.Contain("\n"));
    }

    private static async Task<string?[]> ChosenBy(params string[] options)
    {
        Invocation plan = await Invocation.RunAsync(["plan", "lenet5", "--json", .. options]);
        Assert.That(plan.ExitCode, Is.Zero, plan.Error);
        return [.. plan.Json.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("chosenBy")).Where(c => c.ValueKind == JsonValueKind.String).Select(c => c.GetString())];
    }
}

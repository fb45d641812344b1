using System.Globalization;
using System.Text;
using Silk.NET.Vulkan;

namespace VkInception.DeviceTests.Faults;

/// <summary>
/// Every Vulkan function that a run of a network and a training run call fails with every result, one call at a time. However it ends, nothing may be left behind, nothing
/// may hang, the validation layer is silent, and no checkpoint is lost.
/// </summary>
/// <remarks>
/// By default the first call of each function fails for want of host memory and with what is special to it, the first and the last by a lost device; with
/// VKINCEPTION_TESTS=full the first, one in the middle and the last fail with everything. VKINCEPTION_FAULT_TABLE names a file for the
/// outcomes, counted, as a Markdown table.
/// </remarks>
internal sealed class InjectedFaultTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(1);
    private static readonly bool Full = Environment.GetEnvironmentVariable("VKINCEPTION_TESTS") == "full";
    private static readonly List<FaultOutcome> Outcomes = [];

    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-faults-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [OneTimeTearDown]
    public void WriteTable()
    {
        if (Environment.GetEnvironmentVariable("VKINCEPTION_FAULT_TABLE") is { Length: > 0 } path) File.WriteAllText(path, Table());
    }

    [Test]
    public void EveryCallOfAnInferenceMayFail()
    {
        float[] whole = [];
        IReadOnlyDictionary<string, int> calls = Count(() => whole = new InferenceRun(Target.Selector, Cache).Run());
        Assert.Multiple(() => ForEach("inference", calls, fault =>
        {
            var run = new InferenceRun(Target.Selector, Cache);
            float[]? found = null;
            string ending = Play(fault, () => found = run.Run(), () => run.Messages);
            if (found is not null) Assert.That(found, Is.EqualTo(whole), $"{fault}: other results");
            return ending;
        }));
    }

    [Test]
    public void EveryCallOfATrainingRunMayFail()
    {
        byte[] whole = [];
        IReadOnlyDictionary<string, int> calls = Count(() => whole = new TrainingRun(Target.Selector, Cache, NewFolder()).Run());
        Assert.Multiple(() => ForEach("training", calls, fault =>
        {
            string at = NewFolder();
            var run = new TrainingRun(Target.Selector, Cache, at);
            byte[]? found = null;
            string ending = Play(fault, () => found = run.Run(), () => run.Messages);
            if (found is null) found = GoOn(fault, run, at);
            Assert.That(found.AsSpan().SequenceEqual(whole), Is.True, $"{fault}: other weights");
            return ending;
        }));
    }

    private string Cache => Path.Combine(folder, "cache");

    /// <summary>The run once more, without faults, from where it was left: at the newest checkpoint, and no step that a checkpoint was due for is lost.</summary>
    private byte[] GoOn(Fault fault, TrainingRun left, string at)
    {
        long newest = left.NewestCheckpoint;
        Assert.That(newest, Is.GreaterThanOrEqualTo((left.LastStep - 1) / 2 * 2), $"{fault}: a checkpoint is missing");
        var again = new TrainingRun(Target.Selector, Cache, at);
        byte[] found = again.Run(resume: true);
        Assert.That(again.FirstStep, Is.EqualTo(newest), $"{fault}: a checkpoint was passed over");
        return found;
    }

    /// <summary>The calls of a program when nothing fails; run twice, for the second finds the first one's pipeline cache.</summary>
    private IReadOnlyDictionary<string, int> Count(Action program)
    {
        program();
        using var layer = new FaultLayer();
        program();
        Assert.That(layer.Alive, Is.Empty);
        Assert.That(layer.Calls.Keys.Count(VulkanFunctions.ReturnsResult), Is.GreaterThan(20));
        return layer.Calls;
    }

    private static void ForEach(string program, IReadOnlyDictionary<string, int> calls, Func<Fault, string> play)
    {
        foreach ((string function, int count) in calls.Where(c => c.Value > 0 && VulkanFunctions.ReturnsResult(c.Key)).OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            int[] places = Full ? [1, (count + 1) / 2, count] : [1, count];
            foreach (int call in places.Distinct())
            {
                foreach (Result result in VulkanFunctions.ResultsOf(function).Where(r => Full || IsTried(r, first: call == 1)))
                    Outcomes.Add(new FaultOutcome(program, function, result, play(new Fault(function, call, result))));
            }
        }
    }

    private static bool IsTried(Result result, bool first) => result switch
    {
        Result.ErrorDeviceLost => true,
        // One stands for all that end in an error and nothing more.
        Result.ErrorOutOfDeviceMemory or Result.ErrorInitializationFailed or Result.ErrorUnknown => false,
        _ => first,
    };

    /// <summary>Runs a program with a fault, and expects an end in order.</summary>
    private static string Play(Fault fault, Action program, Func<IReadOnlyList<string>> messages)
    {
        using var layer = new FaultLayer(fault);
        Exception? error = null;
        var running = Task.Run(() =>
        {
            try
            {
                program();
            }
#pragma warning disable CA1031 // Whatever it is, it is looked at below.
            catch (Exception e)
#pragma warning restore CA1031
            {
                error = e;
            }
        });
        Assert.That(running.Wait(Hang), Is.True, $"{fault}: hangs");
        Assert.That(layer.Alive, Is.Empty, $"{fault}: left behind");
        Assert.That(messages(), Is.Empty, $"{fault}: the validation layer spoke");
        if (!layer.Fired) return FaultOutcome.NotReached;
        if (error is null) return FaultOutcome.Recovered;
        Assert.That(error, Is.TypeOf<VkInceptionException>(), $"{fault}: {error}");
        // Where a call's failure does no harm, the first that meets the lost device tells.
        string named = fault.Result == Result.ErrorDeviceLost ? "VK_ERROR_DEVICE_LOST" : error.Message.Contains("no memory for buffer", StringComparison.Ordinal) ? "no memory" : fault.Function;
        Assert.That(error.Message, Does.Contain(named).And.Not.Contain("\n"), $"{fault}");
        return FaultOutcome.Error;
    }

    private string NewFolder() => Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;

    private static string Table()
    {
        string[] programs = [.. Outcomes.Select(o => o.Program).Distinct()];
        var text = new StringBuilder("| function | result |");
        foreach (string program in programs) text.Append(CultureInfo.InvariantCulture, $" {program} |");
        text.AppendLine().Append("|---|---|").Insert(text.Length, "---|", programs.Length).AppendLine();
        foreach (var row in Outcomes.GroupBy(o => (o.Function, o.Result)).OrderBy(g => g.Key.Function, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{row.Key.Function}` | {row.Key.Result} |");
            foreach (string program in programs)
                text.Append(' ').AppendJoin(", ", row.Where(o => o.Program == program).GroupBy(o => o.Ending).Select(g => $"{g.Count()} {g.Key}")).Append(" |");
            text.AppendLine();
        }
        return text.ToString();
    }
}

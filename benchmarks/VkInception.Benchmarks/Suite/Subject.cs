using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VkInception.Vulkan;

namespace VkInception.Benchmarks.Suite;

/// <summary>
/// One network on one device in a process of its own, measured on demand: whoever started it writes commands to its standard input,
/// a line each, and reads a line of JSON for each. Subjects can so take turns, which is how fair comparisons are made on a busy machine.
/// </summary>
/// <remarks>
/// The first line comes unasked and says what runs (<see cref="SubjectReady"/>). A number runs it that often; <c>layers</c> and
/// <c>peaks</c> measure what their names say; the end of the input ends the process. <c>benchmarks/peers</c> has the same for other programs.
/// </remarks>
internal static class Subject
{
    public static int Serve(SubjectOptions options, TextReader commands, TextWriter answers)
    {
        using GpuDevice device = GpuDevice.Open();
        using Model named = VkInception.Model.Load(options.Model);
        // Speed does not depend on the values, so weights are made up where none are at hand.
        using Model model = named.HasWeights ? named : named.WithWeights(new SeededWeights());
        using SubjectWork work = options.Train ? SubjectWork.Training(model, device, options) : SubjectWork.Inference(model, device, options);
        work.Run();
        double first = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
        Answer(work.Describe(device, first), SuiteJson.Default.SubjectReady);
        while (commands.ReadLine() is { } command)
            switch (command)
            {
                case "layers": Answer([.. work.Layers()], SuiteJson.Default.LayerTimeArray); break;
                case "peaks": Answer(new Peaks(FmaPeak.Measure(device), BandwidthPeak.Measure(device)), SuiteJson.Default.Peaks); break;
                default: Answer(new SubjectTimes(Times(work, int.Parse(command, CultureInfo.InvariantCulture)), PeakBytes()), SuiteJson.Default.SubjectTimes); break;
            }
        return 0;

        void Answer<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        {
            answers.WriteLine(JsonSerializer.Serialize(value, type));
            answers.Flush();
        }
    }

    private static double[] Times(SubjectWork work, int runs)
    {
        var times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work.Run();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return times;
    }

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}

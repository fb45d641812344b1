using BenchmarkDotNet.Running;
using VkInception;
using VkInception.Benchmarks;
using VkInception.Benchmarks.Suite;

try
{
    switch (args)
    {
        case ["suite", .. var rest]: return SuiteCommand.Run(SuiteOptions.Parse(rest));
        case ["subject", .. var rest]: return Subject.Serve(SubjectOptions.Parse(rest), Console.In, Console.Out);
        default:
            BenchmarkSwitcher.FromAssembly(typeof(PlanningBenchmarks).Assembly).Run(args);
            return 0;
    }
}
catch (VkInceptionException e)
{
    Console.Error.WriteLine($"benchmarks: {e.Message}");
    return 1;
}

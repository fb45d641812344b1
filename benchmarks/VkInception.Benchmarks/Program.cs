using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(VkInception.Benchmarks.PlanningBenchmarks).Assembly).Run(args);

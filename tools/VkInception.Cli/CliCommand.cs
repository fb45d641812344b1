using System.CommandLine;

namespace VkInception.Cli;

/// <summary>A command of the program: its words, its examples, what it does.</summary>
internal abstract class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines that work, for its help; without the program's name.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Whether kernels are run, which <c>--profile</c> times.</summary>
    public virtual bool RunsKernels => false;

    /// <summary>Whether a network is planned for a device, where <c>--kernel</c> has a say.</summary>
    public virtual bool PlansKernels => RunsKernels;

    /// <summary>Whether it takes <c>--precision mixed</c>: it trains.</summary>
    public virtual bool TakesMixed(ParseResult parsed) => false;

    /// <summary>Whether it takes <c>--precision fp16</c>: it runs inference.</summary>
    public virtual bool TakesHalf(ParseResult parsed) => false;

    /// <summary>Whether it takes <c>--precision fp64</c>: what it computes is held to a reference.</summary>
    public virtual bool TakesDouble(ParseResult parsed) => false;

    /// <summary>Whether it ends by itself, in its own time, when cancelled: a step is finished and the state saved.</summary>
    public virtual bool FinishesWhenCancelled => false;

    /// <summary>Does it; returns the exit code, or throws.</summary>
    public abstract Task<int> RunAsync(ParseResult parsed, CommandContext context);
}

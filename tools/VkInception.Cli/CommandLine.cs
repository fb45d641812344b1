using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;

namespace VkInception.Cli;

/// <summary>The program: words into commands, outcomes into exit codes.</summary>
internal static class CommandLine
{
    private const int CouldNotBeDone = 1;
    private const int WrongUsage = 2;
    private const int Interrupted = 130;

    /// <summary>How long a cancelled command may take to stop by itself.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(3);

    /// <summary>Runs with the process' own streams and signals.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        Task<int> command = Task.Run(() => RunAsync(arguments, OutputStreams.OfProcess(), cancellation.Token));
        Task cancelled = Task.Delay(Timeout.Infinite, cancellation.Token);
        if (await Task.WhenAny(command, cancelled) != command && !FinishesWhenCancelled(arguments) && await Task.WhenAny(command, Task.Delay(patience)) != command)
        {
            // A driver may sit in a call that cannot be broken off.
            return Fail(OutputStreams.OfProcess(), "interrupted", Interrupted);
        }

        return await command;

        void Cancel(PosixSignalContext context)
        {
            context.Cancel = true;
            cancellation.Cancel();
        }
    }

    private static bool FinishesWhenCancelled(string[] arguments)
        => CreateRoot(new GlobalOptions()).Parse(arguments).CommandResult.Command is CliCommand { FinishesWhenCancelled: true };

    /// <summary>Runs with any streams; the tests' way in.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, OutputStreams streams, CancellationToken cancellation)
    {
        var globals = new GlobalOptions();
        Command root = CreateRoot(globals);
        ParseResult parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        try
        {
            if (parsed.Action is not (null or ParseErrorAction))
                return await parsed.InvokeAsync(new InvocationConfiguration { Output = streams.Output, Error = streams.Error, EnableDefaultExceptionHandler = false }, cancellation);
            if (parsed.Errors.Count > 0)
                return RefuseUsage(parsed, streams);
            Settings settings = globals.Read(parsed);
            var context = new CommandContext(settings, new Terminal(streams, settings.Json, settings.Quiet), cancellation);
            return await ((CliCommand)parsed.CommandResult.Command).RunAsync(parsed, context);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail(streams, "interrupted", Interrupted);
        }
        catch (VkInceptionException e)
        {
            return Fail(streams, e.Message, CouldNotBeDone, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(streams, e.Message, CouldNotBeDone, e);
        }
        catch (OutOfMemoryException e)
        {
            return Fail(streams, "there is not enough memory: use a smaller batch, smaller files, or a machine with more", CouldNotBeDone, e);
        }
#pragma warning disable CA1031 // The last line of defence: whatever went wrong, a user gets one line and an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail(streams, $"internal error ({e.GetType().Name}): {e.Message} Set VKINCEPTION_TRACE=1 and report what it prints.", CouldNotBeDone, e);
        }
    }

    private static Command CreateRoot(GlobalOptions globals)
    {
        var root = new Command("vkinception", "Runs GoogLeNet and the networks around it on any GPU with a Vulkan driver.");
        root.Options.Add(new HelpWithExamples());
        root.Options.Add(new VersionOption());
        foreach (Option option in globals.All)
            root.Options.Add(option);
        foreach (CliCommand command in CommandList.Create())
        {
            globals.RefuseWhatHasNoMeaning(command);
            root.Subcommands.Add(command);
        }

        return root;
    }

    private static int RefuseUsage(ParseResult parsed, OutputStreams streams)
    {
        // An unknown command is also reported as a missing one: the word itself says more.
        foreach (string message in parsed.Errors.Select(e => e.Message).Distinct().Reverse().Take(parsed.UnmatchedTokens.Count > 0 ? 1 : int.MaxValue))
            streams.Tell($"vkinception: {message}");
        string name = parsed.CommandResult.Command is CliCommand command ? $"vkinception {command.Name}" : "vkinception";
        streams.Tell($"See '{name} --help'.");
        return WrongUsage;
    }

    private static int Fail(OutputStreams streams, string message, int code, Exception? cause = null)
    {
        streams.Tell($"vkinception: {message}");
        if (cause is not null && Environment.GetEnvironmentVariable("VKINCEPTION_TRACE") is "1")
        {
            foreach (string line in cause.ToString().Split('\n'))
                streams.Tell(line.TrimEnd());
        }

        return code;
    }
}

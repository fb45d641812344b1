using System.Globalization;

namespace VkInception.Fuzz;

/// <summary>The program's arguments.</summary>
internal sealed record FuzzOptions
{
    private const string Usage =
        "usage: VkInception.Fuzz [--seconds N (in all, default 60)] [--iterations N (per reader)] [--seed S] [--reader NAME[,NAME…]] [--jobs N] [--corpus DIR] [--out DIR] | --replay FILE --reader NAME | --list";

    public FuzzRole Role { get; private init; } = FuzzRole.Supervisor;

    /// <summary>Time for all readers together; where only iterations are asked for, there is no end but theirs.</summary>
    public double Seconds { get; init; }

    /// <summary>Inputs per reader; null where only time ends the run.</summary>
    public long? Iterations { get; init; }

    public int Seed { get; init; } = 2014;

    /// <summary>Names of the readers; empty for all.</summary>
    public IReadOnlyList<string> Readers { get; private init; } = [];

    /// <summary>Readers tried at the same time.</summary>
    public int Jobs { get; private init; } = 1;

    /// <summary>DIR/READER/* are added to the seeds.</summary>
    public string? Corpus { get; private init; }

    /// <summary>Where bad inputs go.</summary>
    public string Out { get; private init; } = Path.Combine("artifacts", "fuzz");

    /// <summary>The file that a worker shares with its supervisor, or the file to replay.</summary>
    public string File { get; private init; } = "";

    /// <summary>Reads the arguments; null with the reason where they are wrong.</summary>
    public static FuzzOptions? Parse(string[] arguments, out string? problem)
    {
        problem = null;
        var options = new FuzzOptions();
        bool timed = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            if (name == "--list")
            {
                options = options with { Role = FuzzRole.List };
                continue;
            }
            if (++i == arguments.Length || options.With(name, arguments[i]) is not { } next)
            {
                problem = $"{name}: unknown, or without a sound value; {Usage}";
                return null;
            }
            timed |= name == "--seconds";
            options = next;
        }
        if (options.Readers.FirstOrDefault(r => ReaderList.Find(r) is null) is { } unknown)
        {
            problem = $"no reader is named {unknown}; --list names them";
            return null;
        }
        return timed ? options : options with { Seconds = options.Iterations is null ? 60 : 86_400 };
    }

    private FuzzOptions? With(string name, string value)
    {
        bool isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= int.MaxValue;
        bool isTime = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds);
        return name switch
        {
            "--seconds" => isTime && seconds > 0 ? this with { Seconds = seconds } : null,
            "--iterations" => isNumber && number > 0 ? this with { Iterations = number } : null,
            "--seed" => isNumber ? this with { Seed = (int)number } : null,
            "--jobs" => isNumber && number > 0 ? this with { Jobs = (int)number } : null,
            "--reader" => this with { Readers = value.Split(',', StringSplitOptions.RemoveEmptyEntries) },
            "--corpus" => this with { Corpus = value },
            "--out" => this with { Out = value },
            "--worker" => this with { Role = FuzzRole.Worker, File = value },
            "--replay" => this with { Role = FuzzRole.Replay, File = value },
            _ => null,
        };
    }
}

namespace VkInception.Fuzz;

/// <summary>Tries one file on one reader and says what came of it.</summary>
internal static class Replay
{
    public static int Run(FuzzOptions options)
    {
        if (options.Readers is not [var name] || ReaderList.Find(name) is not { } reader)
        {
            Console.Error.WriteLine("--replay needs one --reader");
            return 2;
        }
        var judge = new Judge(reader);
        Outcome outcome = judge.Try(File.ReadAllBytes(options.File));
        Console.WriteLine($"{outcome.Kind}: {outcome.Detail} ({judge.Milliseconds:F1} ms, {judge.Allocated} bytes allocated)");
        return outcome.Kind == OutcomeKind.Bad ? 1 : 0;
    }
}

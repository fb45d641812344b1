using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VkInception.Benchmarks.Suite;

/// <summary>A <see cref="Subject"/> in a process of its own, so that one measurement's memory and failure are not another's.</summary>
internal sealed class SubjectProcess : IDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    public SubjectProcess(SubjectOptions options)
    {
        string program = Environment.ProcessPath ?? throw new VkInceptionException(ErrorCode.InvalidArgument, "the path of this program cannot be told");
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Started by `dotnet FILE.dll`, that file is to be named again.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(SubjectProcess).Assembly.Location);
        foreach (string word in options.Arguments()) start.ArgumentList.Add(word);
        process = Process.Start(start)!;
        errors = process.StandardError.ReadToEndAsync();
        Ready = Answer(SuiteJson.Default.SubjectReady);
    }

    /// <summary>What it runs.</summary>
    public SubjectReady Ready { get; }

    public SubjectTimes Run(int count) => Ask(count.ToString(CultureInfo.InvariantCulture), SuiteJson.Default.SubjectTimes);

    public LayerTime[] Layers() => Ask("layers", SuiteJson.Default.LayerTimeArray);

    public Peaks Peaks() => Ask("peaks", SuiteJson.Default.Peaks);

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private T Ask<T>(string command, JsonTypeInfo<T> type)
    {
        process.StandardInput.WriteLine(command);
        process.StandardInput.Flush();
        return Answer(type);
    }

    /// <exception cref="VkInceptionException">It ended instead: the last line that it wrote to its standard error.</exception>
    private T Answer<T>(JsonTypeInfo<T> type)
    {
        if (process.StandardOutput.ReadLine() is { } line) return JsonSerializer.Deserialize(line, type)!;
        string why = errors.Result.Trim().Split('\n')[^1];
        throw new VkInceptionException(ErrorCode.InvalidArgument, why.Length > 0 ? why : "the process ended without a word");
    }
}

using System.Diagnostics;
using System.Globalization;

namespace VkInception.Cli;

/// <summary>One line on standard error that follows long work, and is wiped when it ends.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(250);
    private readonly TextWriter? writer;
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private readonly Timer? timer;
    private string stage;
    private int done;
    private int total;
    private int width;
    private bool untimed;

    /// <summary>Follows work on <paramref name="writer"/>, or does nothing where it is null.</summary>
    public ProgressLine(TextWriter? writer, string stage)
    {
        this.writer = writer;
        this.stage = stage;
        timer = writer is null ? null : new Timer(_ => Draw(), null, patience, interval);
    }

    /// <summary>What is being done now.</summary>
    public void Stage(string now)
    {
        lock (gate)
            (stage, done, total) = (now, 0, 0);
    }

    /// <summary>Text that tells the time itself; drawn at the next tick.</summary>
    public void Now(string text)
    {
        lock (gate)
            (stage, done, total, untimed) = (text, 0, 0, true);
    }

    /// <summary>How far it is.</summary>
    public void Step(int completed, int of)
    {
        lock (gate)
            (done, total) = (completed, of);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer?.Dispose();
        lock (gate)
        {
            Write("");
            width = -1;
        }
    }

    private void Draw()
    {
        lock (gate)
        {
            // A tick may still be under way when the line has been wiped.
            if (width < 0) return;
            string counted = total > 0 ? $" {done}/{total}" : "";
            Write(untimed ? stage : string.Create(CultureInfo.InvariantCulture, $"{stage}{counted} ({watch.Elapsed.TotalSeconds:F0} s)"));
        }
    }

    private void Write(string text)
    {
        if (writer is null || (text.Length == 0 && width <= 0)) return;
        try
        {
            writer.Write($"\r{text.PadRight(width)}{(text.Length == 0 ? "\r" : "")}");
            width = text.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The terminal is gone, and with it whoever watched.
            width = -1;
        }
    }
}

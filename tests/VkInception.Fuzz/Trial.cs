using System.IO.MemoryMappedFiles;

namespace VkInception.Fuzz;

/// <summary>The file that a worker writes every input to before it tries it, with its counts: what a worker that dies or hangs leaves behind.</summary>
internal sealed class Trial : IDisposable
{
    public const int LargestInput = 8 << 20;
    private const int Sequence = 0, Length = 8, Tried = 16, WasRead = 24, Refused = 32, Bad = 40, Allocated = 48, Slowest = 56, Kept = 64, Outcomes = 72, Content = 128;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    public Trial(string path)
    {
        file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Content + LargestInput);
        view = file.CreateViewAccessor();
    }

    /// <summary>Changes with every input.</summary>
    public long Number => view.ReadInt64(Sequence);

    /// <summary>The input being tried, or the last one.</summary>
    public byte[] Input
    {
        get
        {
            var input = new byte[view.ReadInt64(Length)];
            view.ReadArray(Content, input, 0, input.Length);
            return input;
        }
    }

    public Tally Tally => new(
        view.ReadInt64(Tried), view.ReadInt64(WasRead), view.ReadInt64(Refused), view.ReadInt64(Bad), view.ReadInt64(Allocated), view.ReadDouble(Slowest), view.ReadInt64(Kept), view.ReadInt64(Outcomes));

    public void Begin(byte[] input)
    {
        view.WriteArray(Content, input, 0, input.Length);
        view.Write(Length, (long)input.Length);
        view.Write(Sequence, Number + 1);
    }

    public void End(Tally tally)
    {
        view.Write(Tried, tally.Tried);
        view.Write(WasRead, tally.Read);
        view.Write(Refused, tally.Refused);
        view.Write(Bad, tally.Bad);
        view.Write(Allocated, tally.MostAllocated);
        view.Write(Slowest, tally.SlowestMilliseconds);
        view.Write(Kept, tally.Kept);
        view.Write(Outcomes, tally.Outcomes);
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}

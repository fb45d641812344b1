using System.Buffers;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>Elements of a graph file's constant, read when somebody looks at them and dropped when nobody does: a large network is never held twice.</summary>
/// <remarks>The file must be open whenever <see cref="MemoryManager{T}.Memory"/> is read.</remarks>
internal sealed class StoredFloats(NamedTensor tensor) : MemoryManager<float>
{
    private readonly WeakReference<float[]> read = new([]);

    /// <inheritdoc/>
    public override Memory<float> Memory => CreateMemory((int)tensor.Count);

    /// <inheritdoc/>
    public override Span<float> GetSpan()
    {
        if (read.TryGetTarget(out float[]? values) && values.Length == tensor.Count) return values;
        values = tensor.ToFloat32();
        read.SetTarget(values);
        return values;
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("Elements that lie in a file have no address; copy the span.");

    /// <inheritdoc/>
    public override void Unpin()
    {
        // Nothing is ever pinned.
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The file belongs to the model; the elements belong to the garbage collector.
    }
}

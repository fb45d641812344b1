namespace VkInception.Imaging;

/// <summary>What a resize calculates in, kept from one to the next. One thread at a time.</summary>
internal sealed class ResampleMemory
{
    private byte[] ring = [];
    private int[] sums = [];

    public Span<byte> Ring(int length)
    {
        if (ring.Length < length) ring = new byte[length];
        return ring.AsSpan(0, length);
    }

    public Span<int> Sums(int length)
    {
        if (sums.Length < length) sums = new int[length];
        return sums.AsSpan(0, length);
    }
}

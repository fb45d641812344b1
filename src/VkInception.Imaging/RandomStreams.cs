namespace VkInception.Imaging;

/// <summary>The <see cref="PhiloxStream"/> of each random choice made here: use in the top byte, epoch in the next three, image or class in the low four.</summary>
/// <remarks>The uses start at 0xD0, so that other parts of the library can share the seed.</remarks>
internal static class RandomStreams
{
    private const ulong HeldOutUse = 0xD0UL << 56, OrderUse = 0xD1UL << 56, ImageUse = 0xD2UL << 56;

    public static ulong HeldOut(int label) => HeldOutUse | (uint)label;

    public static ulong Order(int epoch) => OrderUse | (ulong)(epoch & 0xFFFFFF) << 32;

    public static ulong Image(int epoch, int index) => ImageUse | (ulong)(epoch & 0xFFFFFF) << 32 | (uint)index;
}

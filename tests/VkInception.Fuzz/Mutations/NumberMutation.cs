using System.Buffers.Binary;

namespace VkInception.Fuzz.Mutations;

/// <summary>Sets one of the numbers that stand at fixed places of a header.</summary>
/// <param name="bigEndian">Order of their bytes.</param>
/// <param name="places">Offset and bytes (1, 2 or 4) of each.</param>
internal sealed class NumberMutation(bool bigEndian, params (int Offset, int Size)[] places) : Mutation
{
    public override byte[]? Apply(byte[] input, Random random, byte[] other)
    {
        (int offset, int size) = places[random.Next(places.Length)];
        if (input.Length < offset + size) return null;
        byte[] copy = [.. input];
        Span<byte> place = copy.AsSpan(offset, size);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, Number(random, size == 1 ? place[0] : size == 2 ? BinaryPrimitives.ReadInt16LittleEndian(place) : BinaryPrimitives.ReadInt32LittleEndian(place)));
        number[..size].CopyTo(place);
        if (bigEndian) place.Reverse();
        return copy;
    }
}

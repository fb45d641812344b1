using System.Buffers.Binary;

namespace VkInception.Fuzz.Mutations;

/// <summary>What can be done to any file: flipped, set, cut, copied, stuffed, repeated and spliced bytes, numbers of every width, numbers in digits.</summary>
internal sealed class ByteMutation : Mutation
{
    private const int MostRepeated = 1 << 20;

    public override byte[] Apply(byte[] input, Random random, byte[] other)
    {
        if (input.Length == 0) return [(byte)random.Next(256)];
        int at = At(input, random), length = Math.Min(input.Length - at, 1 + random.Next(random.Next(4) == 0 ? input.Length : 16));
        switch (random.Next(14))
        {
            case 0: return Flip(input, random);
            case 1: return With(input, at, random.Next(3) == 0 ? (byte)Interesting[random.Next(Interesting.Length)] : (byte)random.Next(256));
            case 2: return SetNumber(input, at, random);
            case 3: return SetNumber(input, at & ~3, random);
            case 4: return [.. input[..at], .. input[(at + length)..]];
            case 5: return input[..at];
            case 6: return Insert(input, at, random);
            case 7: return [.. input[..at], .. input[at..(at + length)], .. input[at..]];
            case 8: return Repeat(input, at, length, random);
            case 9: return Copy(input, at, length, random);
            case 10: return Splice(input, at, other, random);
            case 11: return Fill(input, at, length, random);
            case 12: return SetDigits(input, at, random);
            default: return With(input, at, unchecked((byte)(input[at] + (random.Next(2) == 0 ? 1 : -1))));
        }
    }

    // Headers stand at the beginning, directories at the end.
    private static int At(byte[] input, Random random) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(input.Length, 64)),
        1 => input.Length - 1 - random.Next(Math.Min(input.Length, 64)),
        _ => random.Next(input.Length),
    };

    private static byte[] With(byte[] input, int at, byte value)
    {
        byte[] copy = [.. input];
        copy[at] = value;
        return copy;
    }

    private static byte[] Flip(byte[] input, Random random)
    {
        byte[] copy = [.. input];
        for (int flips = random.Next(1, 4); flips > 0; flips--) copy[At(input, random)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    private static byte[] SetNumber(byte[] input, int at, Random random)
    {
        byte[] copy = [.. input];
        Span<byte> place = copy.AsSpan(at);
        int size = new[] { 2, 4, 8 }[random.Next(3)];
        if (place.Length < size) return Flip(input, random);
        bool big = random.Next(2) == 0;
        switch (size)
        {
            case 2 when big: BinaryPrimitives.WriteInt16BigEndian(place, unchecked((short)Number(random, BinaryPrimitives.ReadInt16BigEndian(place)))); break;
            case 2: BinaryPrimitives.WriteInt16LittleEndian(place, unchecked((short)Number(random, BinaryPrimitives.ReadInt16LittleEndian(place)))); break;
            case 4 when big: BinaryPrimitives.WriteInt32BigEndian(place, unchecked((int)Number(random, BinaryPrimitives.ReadInt32BigEndian(place)))); break;
            case 4: BinaryPrimitives.WriteInt32LittleEndian(place, unchecked((int)Number(random, BinaryPrimitives.ReadInt32LittleEndian(place)))); break;
            default: BinaryPrimitives.WriteInt64LittleEndian(place, Number(random, BinaryPrimitives.ReadInt64LittleEndian(place))); break;
        }
        return copy;
    }

    private static byte[] Insert(byte[] input, int at, Random random)
    {
        var stuffing = new byte[random.Next(1, random.Next(16) == 0 ? 5000 : 12)];
        random.NextBytes(stuffing);
        return [.. input[..at], .. stuffing, .. input[at..]];
    }

    // A piece many times over: what costs a reader more than the bytes that it takes shows in memory and time.
    private static byte[] Repeat(byte[] input, int at, int length, Random random)
    {
        int most = random.Next(64) == 0 ? MostRepeated : 4096, times = Math.Max(1, random.Next(2, 2 + most / length));
        byte[] piece = input[at..(at + length)];
        var repeated = new byte[input.Length + times * length];
        input.AsSpan(0, at).CopyTo(repeated);
        for (int i = 0; i < times; i++) piece.CopyTo(repeated, at + i * length);
        input.AsSpan(at).CopyTo(repeated.AsSpan(at + times * length));
        return repeated;
    }

    private static byte[] Copy(byte[] input, int at, int length, Random random)
    {
        byte[] copy = [.. input];
        input.AsSpan(random.Next(input.Length - length + 1), length).CopyTo(copy.AsSpan(at));
        return copy;
    }

    private static byte[] Splice(byte[] input, int at, byte[] other, Random random)
    {
        if (other.Length == 0) return input[..at];
        int from = random.Next(other.Length);
        if (random.Next(2) == 0) return [.. input[..at], .. other[from..]];
        int length = Math.Min(random.Next(1, 256), other.Length - from);
        return [.. input[..at], .. other[from..(from + length)], .. input[at..]];
    }

    private static byte[] Fill(byte[] input, int at, int length, Random random)
    {
        byte[] copy = [.. input];
        copy.AsSpan(at, length).Fill((byte)(random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => random.Next(256) }));
        return copy;
    }

    private static byte[] SetDigits(byte[] input, int at, Random random)
    {
        int begin = Array.FindIndex(input, at, b => b is >= (byte)'0' and <= (byte)'9');
        if (begin < 0) return Flip(input, random);
        int end = begin;
        while (end < input.Length && input[end] is >= (byte)'0' and <= (byte)'9') end++;
        byte[] digits = System.Text.Encoding.ASCII.GetBytes($"{Number(random, end - begin < 18 ? long.Parse(input.AsSpan(begin, end - begin)) : 0)}");
        return [.. input[..begin], .. digits, .. input[end..]];
    }
}

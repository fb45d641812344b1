using System.Buffers.Binary;
using System.Text;

namespace VkInception.Fuzz.Mutations;

/// <summary>Edits a pickle by its instructions: dropped, repeated, moved, with other arguments, with calls that must be refused put among them.</summary>
internal sealed class PickleMutation : Mutation
{
    private static readonly byte[][] hostile =
    [
        .. new[]
        {
            "cposix\nsystem\n", "cos\nsystem\n", "cbuiltins\neval\n", "cbuiltins\ngetattr\n", "cbuiltins\n__import__\n", "X\u0002\0\0\0osX\u0006\0\0\0system\u0093", "(X\u0002\0\0\0idios\nsystem\n",
            "(cos\nsystem\nX\u0002\0\0\0ido", "\u0082\u0001", "\u0083\u0001\0", "\u0084\u0001\0\0\0", "Pabc\n", "X\u0001\0\0\0aQ", "}b", "]}b", "\u0081", "\u0092", "R", "ctorch._utils\n_rebuild_tensor_v2\n",
            "ctorch._utils\n_rebuild_tensor_v3\n", "ctorch._utils\n_rebuild_parameter\n", "ccollections\nOrderedDict\n)R", "ctorch\nSize\n", "ctorch\nFloatStorage\n", "ctorch.storage\nUntypedStorage\n", "c_codecs\nencode\n",
            "cbuiltins\nset\n", "ctorch\nfloat32\n", "\u0080\u0004", "(t", "(d", "(l", "(u", "2", "0", "1", "(", "N", "\u0088", "\u0089", "]", "}", ")", "h\0", "q\0", "\u0094", ".", "a", "e", "s", "u", "\u0085", "\u0086", "\u0087", "\u008f", "\u0090", "\u0091",
        }.Select(Encoding.Latin1.GetBytes),
    ];

    private static readonly ByteMutation bytes = new();

    public override byte[]? Apply(byte[] input, Random random, byte[] other)
    {
        if (input.Length > 1 << 18 || Parse(input) is not { Count: > 1 } code) return null;
        int at = random.Next(code.Count), count = Math.Min(random.Next(1, 10), code.Count - at);
        switch (random.Next(9))
        {
            case 0: code.RemoveRange(at, count); break;
            case 1: code.InsertRange(at, code.GetRange(at, count)); break;
            case 2: code.InsertRange(random.Next(code.Count), code.GetRange(at, count)); break;
            case 3: code.InsertRange(at, Enumerable.Repeat(code[at], 1 + Times(random, 50, 300_000, code[at].Length))); break;
            case 4 or 5: code.Insert(at, hostile[random.Next(hostile.Length)]); break;
            case 6: code[at] = hostile[random.Next(hostile.Length)]; break;
            case 7: code[at] = SetArgument(code[at], random); break;
            default: code[at] = bytes.Apply(code[at], random, other); break;
        }
        return [.. code.SelectMany(c => c)];
    }

    private static byte[] SetArgument(byte[] code, Random random)
    {
        byte[] copy = [.. code];
        long number = Number(random, code.Length);
        switch (code.Length)
        {
            case 2: copy[1] = unchecked((byte)number); break;
            case 3: BinaryPrimitives.WriteInt16LittleEndian(copy.AsSpan(1), unchecked((short)number)); break;
            case >= 5 and < 9: BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(1), unchecked((int)number)); break;
            case >= 9: BinaryPrimitives.WriteInt64LittleEndian(copy.AsSpan(random.Next(2) == 0 ? 1 : copy.Length - 8), number); break;
        }
        return copy;
    }

    private static List<byte[]>? Parse(byte[] input)
    {
        var code = new List<byte[]>();
        for (int at = 0; at < input.Length;)
        {
            int length = LengthOf(input, at);
            if (length <= 0 || length > input.Length - at || code.Count > 200_000) return null;
            code.Add(input[at..(at + length)]);
            at += length;
        }
        return code;
    }

    private static int LengthOf(byte[] input, int at)
    {
        ReadOnlySpan<byte> rest = input.AsSpan(at + 1);
        return (char)input[at] switch
        {
            'K' or 'h' or 'q' or '\u0080' or '\u0082' => 2,
            'M' or '\u0083' => 3,
            'J' or 'j' or 'r' or '\u0084' => 5,
            'G' or '\u0095' => 9,
            'U' or 'C' or '\u008c' or '\u008a' => rest.Length < 1 ? 0 : 2 + rest[0],
            'T' or 'X' or 'B' or '\u008b' => rest.Length < 4 ? 0 : (int)Math.Min(int.MaxValue, 5L + BinaryPrimitives.ReadUInt32LittleEndian(rest)),
            '\u008d' or '\u008e' or '\u0096' => rest.Length < 8 ? 0 : (int)Math.Min(int.MaxValue, 9 + (BinaryPrimitives.ReadUInt64LittleEndian(rest) & int.MaxValue)),
            'c' or 'i' => Lines(rest, 2),
            'P' => Lines(rest, 1),
            _ => 1,
        };
    }

    private static int Lines(ReadOnlySpan<byte> rest, int count)
    {
        int length = 1;
        for (; count > 0; count--)
        {
            int end = rest.IndexOf((byte)'\n');
            if (end < 0) return 0;
            length += end + 1;
            rest = rest[(end + 1)..];
        }
        return length;
    }
}

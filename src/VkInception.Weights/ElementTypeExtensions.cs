using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VkInception.Weights;

/// <summary>Sizes and conversions of <see cref="ElementType"/>.</summary>
public static class ElementTypeExtensions
{
    /// <summary>Bytes of one element.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for a value outside the enumeration.</exception>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.Int8 or ElementType.UInt8 or ElementType.Bool => 1,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 => 8,
        _ => throw Unknown(type),
    };

    /// <summary>Whether elements are floating-point numbers.</summary>
    public static bool IsFloatingPoint(this ElementType type) =>
        type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;

    /// <summary>Converts little-endian elements to float32; 64-bit types round to nearest.</summary>
    internal static void ToFloat32(this ElementType type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (type)
        {
            case ElementType.Float32:
                for (int i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                break;
            case ElementType.Float16:
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                break;
            case ElementType.BFloat16:
                for (int i = 0; i < values.Length; i++)
                    values[i] = BFloat16ToSingle(bytes[(2 * i)..]);
                break;
            case ElementType.Int64:
                for (int i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]);
                break;
            case ElementType.UInt64:
                for (int i = 0; i < values.Length; i++)
                    values[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]);
                break;
            default:
                for (int i = 0; i < values.Length; i++)
                    values[i] = (float)type.ElementToFloat64(bytes, i);
                break;
        }
    }

    /// <summary>Converts little-endian elements to float64; 64-bit integers round to nearest.</summary>
    internal static void ToFloat64(this ElementType type, ReadOnlySpan<byte> bytes, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = type.ElementToFloat64(bytes, i);
    }

    /// <summary>Converts little-endian integers (or booleans) to int64.</summary>
    /// <returns>False where an element does not fit (uint64 above the largest int64).</returns>
    internal static bool ToInt64(this ElementType type, ReadOnlySpan<byte> bytes, Span<long> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            switch (type)
            {
                case ElementType.Int64:
                    values[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]);
                    break;
                case ElementType.UInt64:
                    values[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]);
                    if (values[i] < 0)
                        return false;
                    break;
                default:
                    values[i] = (long)type.ElementToFloat64(bytes, i);
                    break;
            }
        }
        return true;
    }

    /// <summary>Swaps the bytes of every element in place: big-endian to little-endian and back.</summary>
    internal static void ReverseEndianness(this ElementType type, Span<byte> bytes)
    {
        switch (type.Size())
        {
            case 2:
                Span<short> two = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                Span<int> four = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                Span<long> eight = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
        }
    }

    private static double ElementToFloat64(this ElementType type, ReadOnlySpan<byte> bytes, int i) => type switch
    {
        ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
        ElementType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
        ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
        ElementType.BFloat16 => BFloat16ToSingle(bytes[(2 * i)..]),
        ElementType.Int8 => unchecked((sbyte)bytes[i]),
        ElementType.UInt8 => bytes[i],
        ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]),
        ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]),
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]),
        ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]),
        ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 * i)..]),
        ElementType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * i)..]),
        ElementType.Bool => bytes[i] == 0 ? 0 : 1,
        _ => throw Unknown(type),
    };

    private static float BFloat16ToSingle(ReadOnlySpan<byte> bytes) =>
        BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16);

    private static VkInceptionException Unknown(ElementType type) =>
        new(ErrorCode.InvalidArgument, $"{(int)type} is no element type.");
}

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace VkInception.Weights;

/// <summary>Writes <c>.npy</c> arrays (version 1, little-endian, C order), byte for byte as NumPy does.</summary>
public static class NpyWriter
{
    /// <summary>Writes float32 values.</summary>
    /// <param name="path">The file to write, replaced at once when complete; its folder is created.</param>
    /// <param name="shape">Dimensions, outermost first; empty for a scalar.</param>
    /// <param name="values">Row-major, as many as the shape has elements.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: the values do not fill the shape;
    /// <see cref="ErrorCode.InputOutput"/>: the system refuses.</exception>
    public static void Write(string path, ImmutableArray<int> shape, ReadOnlyMemory<float> values) =>
        Write(path, "<f4", NamedTensor.FromFloat32(path, shape, values));

    /// <summary>Writes int64 values.</summary>
    /// <param name="path">The file to write, replaced at once when complete; its folder is created.</param>
    /// <param name="shape">Dimensions, outermost first; empty for a scalar.</param>
    /// <param name="values">Row-major, as many as the shape has elements.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: the values do not fill the shape;
    /// <see cref="ErrorCode.InputOutput"/>: the system refuses.</exception>
    public static void Write(string path, ImmutableArray<int> shape, ReadOnlyMemory<long> values) =>
        Write(path, "<i8", NamedTensor.FromInt64(path, shape, values));

    private static void Write(string path, string type, NamedTensor tensor) => AtomicFile.Write(path, stream =>
    {
        stream.Write(BuildHeader(type, tensor.Shape));
        using Stream elements = tensor.OpenRead();
        elements.CopyTo(stream);
    });

    private static byte[] BuildHeader(string type, ImmutableArray<int> shape)
    {
        string dimensions = string.Join(", ", shape.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)));
        string tuple = shape.Length == 1 ? $"({dimensions},)" : $"({dimensions})";
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {tuple}, }}";
        // NumPy leaves room for the first dimension to grow to 20 digits, then pads to 64 bytes.
        if (shape.Length > 0)
            text = text.PadRight(text.Length + 21 - shape[0].ToString(CultureInfo.InvariantCulture).Length);
        const int prefix = 10;
        int length = (prefix + text.Length + 1 + 63) / 64 * 64;
        string padded = text.PadRight(length - prefix - 1) + "\n";
        var header = new byte[length];
        ((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]).CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - prefix));
        Encoding.ASCII.GetBytes(padded, header.AsSpan(prefix));
        return header;
    }
}

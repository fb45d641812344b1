using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace VkInception.Imaging;

/// <summary>Antialiased resize in two passes of 8-bit fixed point, bit for bit the algorithm of PIL's <c>Image.resize</c>.</summary>
internal static class Resampler
{
    /// <summary>Fraction bits of a weight: 32 less 8 for the level and 2 for overshoot.</summary>
    public const int PrecisionBits = 32 - 8 - 2;

    private const int Half = 1 << (PrecisionBits - 1);

    /// <summary>Computes <paramref name="region"/> of the image resized to <paramref name="fullWidth"/>×<paramref name="fullHeight"/>.</summary>
    /// <param name="source">Interleaved levels, rows from top to bottom.</param>
    /// <param name="width">Width of the source.</param>
    /// <param name="height">Height of the source.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="fullWidth">Width of the whole resized image.</param>
    /// <param name="fullHeight">Height of the whole resized image.</param>
    /// <param name="region">The part that is wanted.</param>
    /// <param name="interpolation">The filter.</param>
    /// <param name="destination">Interleaved levels of the region.</param>
    public static void Resize(
        ReadOnlySpan<byte> source, int width, int height, int channels,
        long fullWidth, long fullHeight, CropBox region, Interpolation interpolation, Span<byte> destination)
    {
        var columns = FilterWindows.Create(width, fullWidth, region.Left, region.Width, interpolation);
        var rows = FilterWindows.Create(height, fullHeight, region.Top, region.Height, interpolation);

        if ((long)rows.LongestWindow * region.Width * channels > Array.MaxLength)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a resize of {width}x{height} to {fullWidth}x{fullHeight} is too extreme; resize in two steps");
        Resize(source, width, width * channels, channels, columns, rows, new ResampleMemory(), destination);
    }

    /// <summary>Filters a rectangle of an image by windows that are made already.</summary>
    /// <param name="source">Interleaved levels from the rectangle's first pixel on.</param>
    /// <param name="width">Width of the rectangle.</param>
    /// <param name="stride">Levels from one row of the image to the next.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="columns">The windows along a row, of <paramref name="width"/> source pixels.</param>
    /// <param name="rows">The windows along a column.</param>
    /// <param name="memory">What the calculation needs; the caller may use it again.</param>
    /// <param name="destination">Interleaved levels of the result.</param>
    public static void Resize(
        ReadOnlySpan<byte> source, int width, int stride, int channels,
        FilterWindows columns, FilterWindows rows, ResampleMemory memory, Span<byte> destination)
    {
        // Source rows are narrowed as they are needed and kept, in a ring, as long as a window of rows reaches them.
        int rowLength = columns.Count * channels, capacity = rows.LongestWindow;
        Span<byte> ring = memory.Ring(checked(capacity * rowLength));
        Span<int> sums = memory.Sums(rowLength);
        int narrowed = rows.Starts[0];
        for (int y = 0; y < rows.Count; y++)
        {
            ReadOnlySpan<int> weights = rows.Weights(y);
            // Windows of the nearest pixel may leave rows out.
            narrowed = Math.Max(narrowed, rows.Starts[y]);
            for (; narrowed < rows.Starts[y] + weights.Length; narrowed++)
            {
                ReadOnlySpan<byte> from = source.Slice(narrowed * stride, width * channels);
                Span<byte> to = ring.Slice(narrowed % capacity * rowLength, rowLength);
                if (channels == 3) FilterRgbRow(from, columns, to);
                else FilterGrayRow(from, columns, to);
            }
            FilterColumns(ring, rows.Starts[y], weights, sums, destination.Slice(y * rowLength, rowLength));
        }
    }

    private static void FilterRgbRow(ReadOnlySpan<byte> from, FilterWindows windows, Span<byte> to)
    {
        for (int x = 0; x < windows.Count; x++)
        {
            ReadOnlySpan<int> weights = windows.Weights(x);
            ReadOnlySpan<byte> window = from[(windows.Starts[x] * 3)..];
            // A pixel is read as four bytes; the fourth, its neighbour's, is dropped at the end. The row's last pixel has no neighbour.
            int wide = Math.Min(weights.Length, (window.Length - 1) / 3);
            var sums = Vector128.Create(Half);
            for (int i = 0; i < wide; i++)
            {
                var bytes = Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(window[(3 * i)..])).AsByte();
                sums += Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32() * weights[i];
            }
            int r = sums[0], g = sums[1], b = sums[2];
            for (int i = wide; i < weights.Length; i++)
            {
                r += window[3 * i] * weights[i];
                g += window[3 * i + 1] * weights[i];
                b += window[3 * i + 2] * weights[i];
            }
            to[3 * x] = Level(r);
            to[3 * x + 1] = Level(g);
            to[3 * x + 2] = Level(b);
        }
    }

    private static void FilterGrayRow(ReadOnlySpan<byte> from, FilterWindows windows, Span<byte> to)
    {
        for (int x = 0; x < windows.Count; x++)
        {
            ReadOnlySpan<int> weights = windows.Weights(x);
            ReadOnlySpan<byte> window = from.Slice(windows.Starts[x], weights.Length);
            int sum = Half;
            for (int i = 0; i < weights.Length; i++) sum += window[i] * weights[i];
            to[x] = Level(sum);
        }
    }

    private static void FilterColumns(ReadOnlySpan<byte> ring, int start, ReadOnlySpan<int> weights, Span<int> sums, Span<byte> to)
    {
        int capacity = ring.Length / sums.Length;
        sums.Fill(Half);
        for (int i = 0; i < weights.Length; i++)
        {
            ReadOnlySpan<byte> row = ring.Slice((start + i) % capacity * sums.Length, sums.Length);
            int weight = weights[i];
            int x = 0;
            for (; x <= sums.Length - Vector256<int>.Count; x += Vector256<int>.Count)
            {
                var bytes = Vector128.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(row[x..])).AsByte();
                Vector128<ushort> levels = Vector128.WidenLower(bytes);
                Vector256<int> products = Vector256.Create(Vector128.WidenLower(levels), Vector128.WidenUpper(levels)).AsInt32() * weight;
                (Vector256.Create<int>(sums[x..]) + products).CopyTo(sums[x..]);
            }
            for (; x < sums.Length; x++) sums[x] += row[x] * weight;
        }
        for (int x = 0; x < sums.Length; x++) to[x] = Level(sums[x]);
    }

    private static byte Level(int sum) => (byte)Math.Clamp(sum >> PrecisionBits, 0, 255);
}

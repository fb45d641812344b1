using System.Runtime.InteropServices;

namespace VkInception.Imaging;

/// <summary>Decodes with the system's gdk-pixbuf 2, whose JPEG path is libjpeg-turbo at its default (accurate) settings. Thread-safe.</summary>
public sealed class PixbufDecoder : IImageDecoder
{
    /// <inheritdoc/>
    public Photo Decode(ReadOnlySpan<byte> file, in ImageHeader header, string name)
    {
        try
        {
            return header.Format switch
            {
                ImageFormat.Jpeg => Load(file, "jpeg\0"u8, header, name),
                ImageFormat.Png => LoadPng(file, header, name),
                ImageFormat.Bmp => Load(file, "bmp\0"u8, header, name),
                _ => Load(GifReader.FirstFrame(file, name), "gif\0"u8, header, name),
            };
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new VkInceptionException(ErrorCode.UnsupportedFormat,
                $"{name}: images are decoded by gdk-pixbuf 2, which is not installed; install it (Debian and Ubuntu: libgdk-pixbuf-2.0-0; Fedora: gdk-pixbuf2; macOS: brew install gdk-pixbuf; Windows: MSYS2's mingw-w64-x86_64-gdk-pixbuf2 on the PATH)", e);
        }
    }

    private static Photo LoadPng(ReadOnlySpan<byte> file, in ImageHeader header, string name)
    {
        byte[] essential = PngReader.Essential(file, name);
        PngReader.DemandRows(essential, name);
        return Load(essential, "png\0"u8, header, name);
    }

    private static Photo Load(ReadOnlySpan<byte> file, ReadOnlySpan<byte> type, in ImageHeader header, string name)
    {
        nint newError = 0, writeError = 0, closeError = 0;
        using GObjectHandle loader = GdkPixbuf.NewLoader(ref MemoryMarshal.GetReference(type), ref newError);
        string? failure = GdkPixbuf.TakeMessage(newError);
        if (loader.IsInvalid)
            throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{name}: the installed gdk-pixbuf has no {header.Format} loader: {Line(failure)}");

        bool written = GdkPixbuf.Write(loader, ref MemoryMarshal.GetReference(file), (nuint)file.Length, ref writeError) != 0;
        bool closed = GdkPixbuf.Close(loader, ref closeError) != 0;
        failure = GdkPixbuf.TakeMessage(writeError);
        string? closing = GdkPixbuf.TakeMessage(closeError);
        if (!written || !closed) throw Damage.Found(name, $"cannot be decoded: {Line(failure ?? closing)}");

        nint pixbuf = GdkPixbuf.GetPixbuf(loader);
        if (pixbuf == 0) throw Damage.Found(name, "cannot be decoded: it holds no picture");
        return Copy(pixbuf, header, name);
    }

    private static Photo Copy(nint pixbuf, in ImageHeader header, string name)
    {
        int width = GdkPixbuf.GetWidth(pixbuf), height = GdkPixbuf.GetHeight(pixbuf);
        if (width != header.Width || height != header.Height)
            throw Damage.Found(name, $"decodes to {width}x{height} although its header says {header.Width}x{header.Height}");

        int channels = GdkPixbuf.GetChannels(pixbuf), stride = GdkPixbuf.GetRowStride(pixbuf);
        nint source = GdkPixbuf.ReadPixels(pixbuf);
        if (source == 0 || channels is not (3 or 4)) throw Damage.Found(name, "cannot be decoded: the codec gave no RGB picture");

        var photo = new Photo(width, height);
        byte[] row = channels == 3 ? [] : new byte[width * 4];
        for (int y = 0; y < height; y++, source += stride)
        {
            if (channels == 3)
            {
                Marshal.Copy(source, photo.Data, y * width * 3, width * 3);
                continue;
            }
            Marshal.Copy(source, row, 0, row.Length);
            DropAlpha(row, photo.Data.AsSpan(y * width * 3, width * 3));
        }
        return photo;
    }

    private static void DropAlpha(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }
    }

    // Messages of the library are one line of ours.
    private static string Line(string? message) => (message ?? "no reason given").ReplaceLineEndings(" ");
}

namespace VkInception.Imaging;

/// <summary>An 8-bit RGB picture, upright. Not changed once made: any thread may read it.</summary>
public sealed class Photo
{
    // Arrays end near 2^31 elements, and a pixel takes three.
    private const int MaxPixels = 715_000_000;
    // libpng's own limit; it also bounds the filter windows of an extreme reduction.
    private const int MaxSide = 1_000_000;

    internal Photo(int width, int height)
    {
        Width = width;
        Height = height;
        Data = new byte[checked(width * height * 3)];
    }

    /// <summary>A photo of given pixels.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="pixels">Rows from top to bottom, each R G B R G B…; width·height·3 bytes, copied.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when sides and pixels do not fit each other.</exception>
    public Photo(int width, int height, ReadOnlySpan<byte> pixels)
    {
        if (width <= 0 || height <= 0 || width > MaxSide || height > MaxSide || pixels.Length != (long)width * height * 3)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a photo of {width}x{height} cannot be made of {pixels.Length} bytes; give width x height x 3");
        Width = width;
        Height = height;
        Data = pixels.ToArray();
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Rows from top to bottom, each R G B R G B…, 0 to 255.</summary>
    public ReadOnlySpan<byte> Pixels => Data;

    internal byte[] Data { get; }

    /// <summary>Reads and decodes a JPEG, PNG, BMP or GIF file (first frame) and turns it upright by its EXIF orientation.</summary>
    /// <remarks>Transparency is dropped, as PIL's <c>convert("RGB")</c> does; colour profiles are not applied.</remarks>
    /// <exception cref="VkInceptionException">
    /// <see cref="ErrorCode.FileNotFound"/>: missing, or a folder. <see cref="ErrorCode.FileDamaged"/>: empty, truncated, corrupt.
    /// <see cref="ErrorCode.UnsupportedFormat"/>: another format, or no codec. <see cref="ErrorCode.FileRefused"/>: over a limit of <paramref name="options"/>.
    /// <see cref="ErrorCode.InputOutput"/>: the system refuses to read it. <see cref="ErrorCode.OutOfHostMemory"/>: no memory for its pixels.
    /// </exception>
    public static Photo Load(string path, PhotoOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= PhotoOptions.Default;
        try
        {
            return Decode(PhotoFile.Read(path, options.MaxFileBytes), path, options);
        }
        catch (OutOfMemoryException e)
        {
            throw new VkInceptionException(ErrorCode.OutOfHostMemory, $"{path}: no memory to read it; make the file smaller", e);
        }
    }

    /// <summary>Decodes a file that is in memory, as <see cref="Load"/> does.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">What messages call the file.</param>
    /// <param name="options">Limits and codec.</param>
    /// <exception cref="VkInceptionException">As <see cref="Load"/>.</exception>
    public static Photo Decode(ReadOnlySpan<byte> file, string name, PhotoOptions? options = null)
    {
        options ??= PhotoOptions.Default;
        ImageHeader header = ImageHeader.Read(file, name);
        DemandSize(header, name, options);
        try
        {
            return options.Decoder.Decode(file, header, name).Upright(header.Orientation);
        }
        catch (OutOfMemoryException e)
        {
            throw new VkInceptionException(ErrorCode.OutOfHostMemory, $"{name}: no memory for {header.Width}x{header.Height} pixels; make the image smaller", e);
        }
    }

    /// <summary>The whole photo at another size, as PIL's <c>Image.resize</c> computes it.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for sides that are not positive or make too large a photo.</exception>
    public Photo Resize(int width, int height, Interpolation interpolation = Interpolation.Bilinear)
        => ResizeAndCrop(width, height, new CropBox(0, 0, width, height), interpolation);

    /// <summary>A rectangle of the photo resized to <paramref name="width"/>×<paramref name="height"/>; only the rectangle is computed.</summary>
    /// <param name="width">Width that the whole photo would have.</param>
    /// <param name="height">Height that the whole photo would have.</param>
    /// <param name="box">The rectangle, in pixels of the resized photo.</param>
    /// <param name="interpolation">The filter.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when the rectangle is not inside the resized photo.</exception>
    public Photo ResizeAndCrop(long width, long height, CropBox box, Interpolation interpolation = Interpolation.Bilinear)
    {
        if (!box.IsInside(width, height) || box.Width > MaxSide || box.Height > MaxSide || (long)box.Width * box.Height > MaxPixels)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a crop of {box.Width}x{box.Height} at {box.Left},{box.Top} does not lie in an image of {width}x{height}");
        var result = new Photo(box.Width, box.Height);
        Resampler.Resize(Data, Width, Height, 3, width, height, box, interpolation, result.Data);
        return result;
    }

    /// <summary>Luminance of every pixel (ITU-R 601, in PIL's fixed point), rows from top to bottom.</summary>
    internal byte[] Luminance()
    {
        var gray = new byte[Width * Height];
        ReadOnlySpan<byte> rgb = Data;
        for (int i = 0; i < gray.Length; i++)
            gray[i] = (byte)((19595 * rgb[3 * i] + 38470 * rgb[3 * i + 1] + 7471 * rgb[3 * i + 2] + 0x8000) >> 16);
        return gray;
    }

    private static void DemandSize(in ImageHeader header, string name, PhotoOptions options)
    {
        if (header.Width == 0 || header.Height == 0) throw Damage.Found(name, $"claims a size of {header.Width}x{header.Height} pixels");
        long limit = Math.Min(options.MaxPixels, MaxPixels);
        if ((long)header.Width * header.Height > limit || header.Width > MaxSide || header.Height > MaxSide)
            throw new VkInceptionException(ErrorCode.FileRefused, FormattableString.Invariant($"{name}: {header.Width}x{header.Height} pixels are over the limit of {limit / 1e6:0.###} megapixels (and {MaxSide} a side); make the image smaller (programs can raise the limit by PhotoOptions.MaxPixels)"));
    }

    private Photo Upright(int orientation)
    {
        if (orientation <= 1) return this;
        bool transposed = orientation >= 5;
        var upright = transposed ? new Photo(Height, Width) : new Photo(Width, Height);
        // Where the result's first pixel lies in the stored picture, and the steps to its neighbours right and below.
        int right = Width - 1, bottom = (Height - 1) * Width;
        (int first, int stepRight, int stepDown) = orientation switch
        {
            2 => (right, -1, Width),
            3 => (bottom + right, -1, -Width),
            4 => (bottom, 1, -Width),
            5 => (0, Width, 1),
            6 => (bottom, -Width, 1),
            7 => (bottom + right, -Width, -1),
            _ => (right, Width, -1),
        };
        byte[] target = upright.Data;
        for (int y = 0, to = 0; y < upright.Height; y++)
        {
            int from = first + y * stepDown;
            for (int x = 0; x < upright.Width; x++, from += stepRight, to += 3)
            {
                target[to] = Data[3 * from];
                target[to + 1] = Data[3 * from + 1];
                target[to + 2] = Data[3 * from + 2];
            }
        }
        return upright;
    }
}

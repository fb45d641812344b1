namespace VkInception.Imaging;

/// <summary>Limits and codec of photo loading.</summary>
public sealed record PhotoOptions
{
    /// <summary>The defaults.</summary>
    public static PhotoOptions Default { get; } = new();

    /// <summary>Pixels that a photo may have, width times height; a larger one is refused before it is decoded. Default 100 million.</summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>Bytes that a file may have; a larger one is refused before it is read. Default 512 MiB.</summary>
    public long MaxFileBytes { get; init; } = 512L << 20;

    /// <summary>The codec. Default: gdk-pixbuf.</summary>
    public IImageDecoder Decoder { get; init; } = new PixbufDecoder();
}

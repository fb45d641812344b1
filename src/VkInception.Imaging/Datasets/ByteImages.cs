using System.Globalization;

namespace VkInception.Imaging.Datasets;

/// <summary>Images of one size that lie in memory one after another, R G B interleaved or gray.</summary>
internal sealed class ByteImages(byte[] levels, int offset, int count, int width, int height, int channels) : IImageSource
{
    public int Count => count;

    public bool InMemory => true;

    public string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"index {index}");

    public Photo Read(int index)
    {
        int size = width * height * channels;
        ReadOnlySpan<byte> image = levels.AsSpan(checked(offset + index * size), size);
        if (channels == 3) return new Photo(width, height, image);
        var photo = new Photo(width, height);
        byte[] rgb = photo.Data;
        for (int i = 0, to = 0; i < image.Length; i++, to += 3) rgb[to] = rgb[to + 1] = rgb[to + 2] = image[i];
        return photo;
    }
}

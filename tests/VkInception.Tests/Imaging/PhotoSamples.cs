using System.Globalization;
using System.Text;
using VkInception.Imaging;
using VkInception.Tests.House;

namespace VkInception.Tests.Imaging;

/// <summary>Pictures to test with: those of the folder Golden, and the noise of its script.</summary>
internal static class PhotoSamples
{
    private static readonly string folder = Repository.PathOf("tests/VkInception.Tests/Imaging/Golden");

    public static IEnumerable<string> Pictures => Directory.EnumerateFiles(folder, "*.ppm").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public static string PathOf(string name) => Path.Combine(folder, name);

    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>A binary portable pixmap: "P6", width, height and 255 in lines of text, then RGB bytes.</summary>
    public static Photo Expected(string picture)
    {
        byte[] file = Read(picture + ".ppm");
        int at = 0;
        var fields = new string[4];
        for (int i = 0; i < fields.Length; i++)
        {
            int end = file.AsSpan(at).IndexOfAny((byte)' ', (byte)'\n') + at;
            fields[i] = Encoding.ASCII.GetString(file, at, end - at);
            at = end + 1;
        }
        return new Photo(int.Parse(fields[1], CultureInfo.InvariantCulture), int.Parse(fields[2], CultureInfo.InvariantCulture), file.AsSpan(at));
    }

    /// <summary>The high bytes of a linear congruential generator, as <c>noise</c> in the script.</summary>
    public static Photo Noise(int width, int height, uint seed)
    {
        var pixels = new byte[width * height * 3];
        uint state = seed;
        for (int i = 0; i < pixels.Length; i++)
        {
            state = unchecked(state * 1664525 + 1013904223);
            pixels[i] = (byte)(state >> 24);
        }
        return new Photo(width, height, pixels);
    }

    public static int MaxDifference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int max = a.Length == b.Length ? 0 : 256;
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++) max = Math.Max(max, Math.Abs(a[i] - b[i]));
        return max;
    }
}

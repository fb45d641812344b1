using System.IO.Compression;

namespace VkInception.Fuzz.Mutations;

/// <summary>Edits what is packed in a gzip file and packs it again.</summary>
internal sealed class GzipMutation(Mutation inner) : Mutation
{
    public override byte[]? Apply(byte[] input, Random random, byte[] other)
    {
        if (Unpack(input) is not { } content || inner.Apply(content, random, other) is not { } spoilt) return null;
        return Pack(spoilt);
    }

    public static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(content);
        return packed.ToArray();
    }

    private static byte[]? Unpack(byte[] packed)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            var content = new byte[1 << 18];
            return content[..gzip.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}

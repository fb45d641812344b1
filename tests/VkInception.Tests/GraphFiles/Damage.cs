using NUnit.Framework;

namespace VkInception.Tests.GraphFiles;

/// <summary>Damaged copies of good files, the same ones in every run, and the promise that they are tried against.</summary>
internal static class Damage
{
    /// <summary>Truncated, bit-flipped, overwritten, spliced and stuffed copies.</summary>
    public static IEnumerable<byte[]> Of(byte[] good, int count, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            byte[] copy = [.. good];
            switch (i % 5)
            {
                case 0:
                    copy = copy[..random.Next(good.Length)];
                    break;
                case 1:
                    copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    for (int n = random.Next(1, 9); n > 0; n--) copy[random.Next(copy.Length)] = (byte)random.Next(256);
                    break;
                case 3:
                    int from = random.Next(copy.Length), to = random.Next(copy.Length);
                    int length = Math.Min(random.Next(1, 65), copy.Length - Math.Max(from, to));
                    good.AsSpan(from, length).CopyTo(copy.AsSpan(to));
                    break;
                default:
                    int at = random.Next(copy.Length);
                    var stuffing = new byte[random.Next(1, 12)];
                    random.NextBytes(stuffing);
                    copy = [.. copy[..at], .. stuffing, .. copy[at..]];
                    break;
            }
            yield return copy;
        }
    }

    /// <summary>Runs <paramref name="read"/>: it may succeed, or fail with the library's exception and one line.</summary>
    public static void Survives(Action read, string what)
    {
        try
        {
            read();
        }
        catch (VkInceptionException e)
        {
            Assert.That(e.Message, Is.Not.Empty.And.Not.Contains('\n').And.Not.Contains('\r'), what);
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e.GetType().Name} escaped: {e}");
        }
    }
}

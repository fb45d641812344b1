using VkInception.Tests.House;

namespace VkInception.Tests.Weights;

/// <summary>The committed files of the folder Golden and the values that make_golden.py puts into them.</summary>
internal static class Golden
{
    public static string File(string name) => Repository.PathOf($"tests/VkInception.Tests/Weights/Golden/{name}");

    public static byte[] Bytes(string name) => System.IO.File.ReadAllBytes(File(name));

    public static float[] Values(int count, int number) => [.. Enumerable.Range(0, count).Select(i => (i % 64 - 20) * 0.25f + number)];
}

using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using VkInception.Graph;
using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>The SPIR-V of <c>shaders/</c>, embedded when the project was built; each module is reflected once per process.</summary>
internal static class ShaderLibrary
{
    private static readonly ConcurrentDictionary<string, SpirvModule> Modules = new();

    private static readonly Lazy<FrozenSet<string>> WithPairs = new(() => Names.Where(n => n.EndsWith(".pairs", StringComparison.Ordinal)).Select(n => n[..^".pairs".Length]).ToFrozenSet());

    /// <summary>All shader names, for tests.</summary>
    public static IEnumerable<string> Names => typeof(ShaderLibrary).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith("shaders/", StringComparison.Ordinal)).Select(n => n["shaders/".Length..^".spv".Length]);

    /// <summary>The module of a launch; with <paramref name="pairs"/> (processors with 64-bit integers) the one that takes pairs of elements as one such, where there is one.</summary>
    public static SpirvModule Load(ShaderDispatch launch, bool pairs)
        => Load(pairs && WithPairs.Value.Contains(launch.Module) ? $"{launch.Module}.pairs" : launch.Module);

    public static SpirvModule Load(string name) => Modules.GetOrAdd(name, Read);

    /// <summary>SHA-256 of a module, hexadecimal, without reflecting it.</summary>
    public static string HashOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Code(name)));

    private static SpirvModule Read(string name) => SpirvModule.Load(Code(name), name);

    private static byte[] Code(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"shaders/{name}.spv")
            ?? throw new VkInceptionException(ErrorCode.ShaderFailed, $"no shader \"{name}\" is built into this library");
        var code = new byte[stream.Length];
        stream.ReadExactly(code);
        return code;
    }
}

using VkInception.Fuzz.Mutations;
using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="SpirvModule.Load"/>: a user's own shaders.</summary>
internal sealed class SpirvReader() : Reader("spirv")
{
    private const int Header = 20, MostBytes = 6000;

    public override IReadOnlyList<byte[]> Seeds => field ??= [.. ShaderLibrary.Names.Order(StringComparer.Ordinal).Select(n => ShaderLibrary.Load(n).Code.ToArray()).Where(c => c.Length < MostBytes).Take(12)];

    public override IReadOnlyList<Mutation> Grammar { get; } = [new ChunkMutation(Instructions, 0, 2)];

    public override string Read(byte[] input)
    {
        SpirvModule module = SpirvModule.Load(input, "fuzz");
        return $"push {Math.Min(module.Push.Count, 9)} constants {Math.Min(module.Specialization.Count, 9)} capabilities {Math.Min(module.Capabilities.Count, 9)} {module.SizedByConstant}";
    }

    private static IEnumerable<int> Instructions(byte[] module)
    {
        if (module.Length < Header) yield break;
        yield return Header;
        for (int at = Header; at + 4 <= module.Length;)
        {
            int length = 4 * BitConverter.ToUInt16(module, at + 2);
            yield return length;
            if (length == 0) yield break;
            at += length;
        }
    }
}

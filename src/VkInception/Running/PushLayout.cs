using System.Buffers.Binary;
using VkInception.Graph;
using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>Lays out a dispatch's addresses and constants as its shader declares them, by name.</summary>
internal static class PushLayout
{
    /// <summary>The push block of one launch.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShaderFailed"/> when the shader and the dispatch name different things.</exception>
    public static byte[] Fill(SpirvModule module, ShaderDispatch launch, Func<TensorView, ulong> addressOf)
    {
        var block = new byte[module.PushBytes];
        int used = 0;
        foreach (PushMember member in module.Push)
        {
            Span<byte> place = block.AsSpan((int)member.Offset);
            if (launch.Tensors.FirstOrDefault(t => t.Name == member.Name) is { } tensor)
                BinaryPrimitives.WriteUInt64LittleEndian(place, addressOf(tensor.View));
            else if (launch.Push.FirstOrDefault(c => c.Name == member.Name) is { } constant)
                Write(constant, member, launch, place);
            else
                throw Mismatch(launch, $"push constant \"{member.Name}\" is declared by the shader but not set");
            used++;
        }
        if (used != launch.Tensors.Length + launch.Push.Length)
            throw Mismatch(launch, $"of {string.Join(", ", launch.Tensors.Select(t => t.Name).Concat(launch.Push.Select(c => c.Name)))} the shader declares only {string.Join(", ", module.Push.Select(m => m.Name))}");
        return block;
    }

    private static void Write(Constant constant, PushMember member, ShaderDispatch launch, Span<byte> place)
    {
        if (member.Type != ShaderValueType.Float64) BinaryPrimitives.WriteUInt32LittleEndian(place, constant.Bits);
        else if (constant.Double is { } value) BinaryPrimitives.WriteDoubleLittleEndian(place, value);
        else throw Mismatch(launch, $"push constant \"{member.Name}\" is a double, and an integer is given");
    }

    /// <summary>The specialization constants of one launch, each checked against the shader's.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShaderFailed"/> when the shader and the dispatch name different things.</exception>
    public static IReadOnlyList<KernelConstant> Specialize(SpirvModule module, ShaderDispatch launch)
    {
        string[] declared = [.. module.Specialization.Where(s => s.Id != 0).Select(s => s.Name).Order(StringComparer.Ordinal)];
        string[] given = [.. launch.Specialization.Select(s => s.Name).Order(StringComparer.Ordinal)];
        if (!declared.SequenceEqual(given))
            throw Mismatch(launch, $"the shader declares the specialization constants [{string.Join(", ", declared)}], the dispatch sets [{string.Join(", ", given)}]");
        return [.. launch.Specialization.Select(s => new KernelConstant(s.Name, s.Bits))];
    }

    private static VkInceptionException Mismatch(ShaderDispatch launch, string what)
        => new(ErrorCode.ShaderFailed, $"shader {launch.Module}: {what}");
}

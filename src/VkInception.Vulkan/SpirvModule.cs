using System.Security.Cryptography;

namespace VkInception.Vulkan;

/// <summary>A compute shader in SPIR-V, with what it declares: push constants, specialization constants, capabilities (SPIR-V 1.0 to 1.6, section 2.3). Immutable: any thread may use it.</summary>
public sealed class SpirvModule
{
    private SpirvModule(ReadOnlyMemory<byte> spirv, string name, SpirvReflection reflection)
    {
        Code = spirv;
        Name = name;
        EntryPoint = reflection.EntryPoint;
        Push = reflection.Push;
        PushBytes = reflection.PushBytes;
        Specialization = reflection.Specialization;
        Capabilities = [.. reflection.Capabilities.Select(SpirvCapability.NameOf)];
        CapabilityNumbers = reflection.Capabilities;
        WorkgroupSize = reflection.WorkgroupSize;
        SizedByConstant = reflection.SizedByConstant;
        Hash = Convert.ToHexStringLower(SHA256.HashData(spirv.Span));
    }

    /// <summary>Name for messages and debuggers, usually the shader's file name.</summary>
    public string Name { get; }
    /// <summary>Members of the push-constant block by offset; empty when there is none.</summary>
    public IReadOnlyList<PushMember> Push { get; }
    /// <summary>Bytes of the push-constant block, a multiple of 4.</summary>
    public uint PushBytes { get; }
    /// <summary>Specialization constants by id.</summary>
    public IReadOnlyList<SpecializationConstant> Specialization { get; }
    /// <summary>SPIR-V capabilities that the module declares, by their names in the specification.</summary>
    public IReadOnlyList<string> Capabilities { get; }
    /// <summary>SHA-256 of the module, hexadecimal; stable, for caches.</summary>
    public string Hash { get; }
    /// <summary>Workgroup size that the source declares; x is a default when <see cref="SizedByConstant"/>.</summary>
    public (uint X, uint Y, uint Z) WorkgroupSize { get; }
    /// <summary>True when <c>local_size_x</c> is the specialization constant 0.</summary>
    public bool SizedByConstant { get; }

    /// <summary>Size of the module in bytes.</summary>
    public int CodeBytes => Code.Length;

    internal ReadOnlyMemory<byte> Code { get; }
    internal string EntryPoint { get; }
    internal IReadOnlyList<uint> CapabilityNumbers { get; }

    /// <summary>Reads what a module declares.</summary>
    /// <param name="spirv">The module, little-endian words; kept, not copied.</param>
    /// <param name="name">Name for messages.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShaderFailed"/> when the bytes are no sound compute module, or it uses descriptor bindings.</exception>
    public static SpirvModule Load(ReadOnlyMemory<byte> spirv, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new SpirvModule(spirv, name, SpirvReflection.Read(spirv.Span, name));
    }
}

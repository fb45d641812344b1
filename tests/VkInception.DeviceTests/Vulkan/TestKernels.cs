using System.Reflection;
using System.Runtime.InteropServices;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>The shaders of this folder, and push-constant blocks filled by the members' names.</summary>
internal static class TestKernels
{
    public static byte[] Bytes(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"shaders/{name}.spv")
            ?? throw new FileNotFoundException($"shaders/{name}.spv is not embedded");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static SpirvModule Load(string name) => SpirvModule.Load(Bytes(name), name);

    public static byte[] Push(SpirvModule module, params (string Name, object Value)[] values)
    {
        var block = new byte[module.PushBytes];
        foreach ((string name, object value) in values)
        {
            PushMember member = module.Push.Single(m => m.Name == name);
            Span<byte> at = block.AsSpan((int)member.Offset, (int)member.Size);
            switch (value)
            {
                case GpuBuffer buffer: MemoryMarshal.Write(at, buffer.Address); break;
                case uint number: MemoryMarshal.Write(at, number); break;
                case float number: MemoryMarshal.Write(at, number); break;
                default: throw new ArgumentException($"{value.GetType()} is no push constant");
            }
        }
        return block;
    }
}

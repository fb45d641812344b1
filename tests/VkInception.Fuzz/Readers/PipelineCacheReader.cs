using System.Buffers.Binary;
using System.Security.Cryptography;
using VkInception.Fuzz.Mutations;
using VkInception.Tests.Vulkan;
using VkInception.Vulkan;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="PipelineCacheFile"/>: what is not exactly this device's own never reaches the driver.</summary>
internal sealed class PipelineCacheReader() : Reader("pipelines")
{
    private readonly PipelineCacheFile file = new(Scratch.Folder("cache"), SomeDevice.Candidate);

    public override IReadOnlyList<byte[]> Seeds => field ??= [Written()];

    public override IReadOnlyList<Mutation> Grammar { get; } = [new NumberMutation(false, (0, 4), (4, 4), (72, 4), (76, 4), (80, 4), (84, 4), (88, 4), (92, 4), (96, 4))];

    public override string Read(byte[] input)
    {
        File.WriteAllBytes(file.Path, input);
        byte[] data = file.Read(out string? problem);
        if (problem is not null) throw new VkInceptionException(ErrorCode.FileDamaged, problem);
        if (!file.IsVulkansOwn(data)) throw new InvalidOperationException("bytes that are not the device's own got through");
        return "the device's own";
    }

    public override byte[] Seal(byte[] input)
    {
        if (input.Length < 80) return input;
        byte[] copy = [.. input];
        BinaryPrimitives.WriteInt64LittleEndian(copy.AsSpan(72), copy.Length - 80);
        SHA256.HashData(copy.AsSpan(40), copy.AsSpan(8, 32));
        return copy;
    }

    private byte[] Written()
    {
        file.Write(SomeDevice.PipelineCache());
        return File.ReadAllBytes(file.Path);
    }
}

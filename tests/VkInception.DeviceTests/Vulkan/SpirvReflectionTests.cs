using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>Reflection of what glslc writes, and of what it never would; no device.</summary>
internal sealed class SpirvReflectionTests
{
    [Test]
    public void Push_constants_are_read_by_name_offset_size_and_type()
    {
        SpirvModule module = TestKernels.Load("fixed_size");
        Assert.That(module.Push, Is.EqualTo(new[]
        {
            new PushMember("values", 0, 8, ShaderValueType.Address),
            new PushMember("wide", 8, 8, ShaderValueType.UInt64),
            new PushMember("pair", 16, 8, ShaderValueType.UInt32Pair),
            new PushMember("sign", 24, 4, ShaderValueType.Int32),
            new PushMember("count", 28, 4, ShaderValueType.UInt32),
            new PushMember("factor", 32, 4, ShaderValueType.Float32),
            new PushMember("direction", 36, 12, ShaderValueType.Other),
            new PushMember("table", 48, 16, ShaderValueType.Other),
        }));
        Assert.That(module.PushBytes, Is.EqualTo(64));
        Assert.That((module.WorkgroupSize, module.SizedByConstant), Is.EqualTo(((32u, 2u, 1u), false)));
        Assert.That(module.Capabilities, Does.Contain("Shader").And.Contain("Int64").And.Contain("PhysicalStorageBufferAddresses"));
    }

    [Test]
    public void Specialization_constants_are_read_with_their_defaults()
    {
        SpirvModule scale = TestKernels.Load("scale");
        Assert.That(scale.Specialization.Where(c => c.Id != 0), Is.EqualTo(new[]
        {
            new SpecializationConstant("offset", 3, ShaderValueType.Float32, 0),
            new SpecializationConstant("doubled", 7, ShaderValueType.Bool, 0),
        }));
        Assert.That(scale.SizedByConstant, Is.True);
        Assert.That(TestKernels.Load("fixed_size").Specialization, Is.EqualTo(new[]
        {
            new SpecializationConstant("signedConstant", 5, ShaderValueType.Int32, unchecked((uint)-3)),
            new SpecializationConstant("unsignedConstant", 9, ShaderValueType.UInt32, 11),
        }));
    }

    [Test]
    public void The_hash_tells_modules_apart()
    {
        string hash = TestKernels.Load("scale").Hash;
        Assert.That(TestKernels.Load("scale").Hash, Is.EqualTo(hash).And.Length.EqualTo(64));
        Assert.That(TestKernels.Load("increment").Hash, Is.Not.EqualTo(hash));
    }

    [Test]
    public void Descriptor_bindings_are_refused_by_name() =>
        Assert.That(() => TestKernels.Load("bound"), Throws.TypeOf<VkInceptionException>()
            .With.Property(nameof(VkInceptionException.Code)).EqualTo(ErrorCode.ShaderFailed).And.Message.Contains("descriptor binding"));

    [Test]
    public void Whatever_is_cut_off_is_refused([Values("scale", "identity", "fixed_size")] string name)
    {
        byte[] sound = TestKernels.Bytes(name);
        for (int length = 0; length < sound.Length; length++)
            ExpectSoundOrRefused(sound[..length]);
        Assert.That(() => SpirvModule.Load(sound.AsMemory(0, sound.Length / 8 * 4), name), Throws.TypeOf<VkInceptionException>());
    }

    [Test]
    public void Whatever_is_flipped_never_crashes([Values("scale", "identity", "fixed_size")] string name, [Values(1, 3, 40)] int flips)
    {
        byte[] sound = TestKernels.Bytes(name);
        var random = new Random(flips);
        for (int round = 0; round < 4000; round++)
        {
            byte[] bytes = [.. sound];
            for (int i = 0; i < flips; i++)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            ExpectSoundOrRefused(bytes);
        }
    }

    [Test]
    public void Random_words_behind_a_sound_header_never_crash()
    {
        var random = new Random(3);
        for (int round = 0; round < 3000; round++)
        {
            var bytes = new byte[20 + random.Next(100) * 4];
            random.NextBytes(bytes);
            TestKernels.Bytes("scale").AsSpan(0, 20).CopyTo(bytes);
            // Small opcodes and counts, so that instructions are told apart at all.
            for (int at = 20; at < bytes.Length; at += 4)
            {
                if (random.Next(2) == 0)
                    BitConverter.TryWriteBytes(bytes.AsSpan(at), (uint)(random.Next(1, 6) << 16 | random.Next(80)));
            }
            ExpectSoundOrRefused(bytes);
        }
    }

    private static void ExpectSoundOrRefused(byte[] bytes)
    {
        try
        {
            SpirvModule module = SpirvModule.Load(bytes, "hostile");
            Assert.That(module.PushBytes, Is.LessThanOrEqualTo(1 << 18));
        }
        catch (VkInceptionException e)
        {
            Assert.That(e.Code, Is.EqualTo(ErrorCode.ShaderFailed));
            Assert.That(e.Message, Does.StartWith("hostile: "));
        }
    }
}

using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

internal sealed class PipelineCacheTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-cache-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void The_cache_is_written_at_the_end_and_read_at_the_next_start()
    {
        string path = WriteCache();
        File.Delete(path);
        using (GpuDevice first = OpenAnew(folder))
            MakeKernel(first);
        Assert.That(File.Exists(path), Is.True);
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(1), "no temporary file is left");
        using GpuDevice device = OpenAnew(folder);
        Assert.That((device.PipelineCacheLoaded, device.PipelineCacheProblem), Is.EqualTo((true, (string?)null)));
        Assert.That(device.PipelineCachePath, Is.EqualTo(path));
    }

    [Test]
    public void A_damaged_truncated_empty_or_foreign_file_is_ignored_and_replaced([Values("flipped", "truncated", "empty", "short", "foreign", "driver's", "length", "text")] string damage)
    {
        string path = WriteCache();
        byte[] sound = File.ReadAllBytes(path);
        File.WriteAllBytes(path, Damage(sound, damage));
        using (GpuDevice device = OpenAnew(folder))
        {
            Assert.That(device.PipelineCacheLoaded, Is.False);
            Assert.That(device.PipelineCacheProblem, Does.Contain("ignored").And.Contain(path));
            MakeKernel(device);
        }
        using GpuDevice again = OpenAnew(folder);
        Assert.That(again.PipelineCacheLoaded, Is.True, "the sound cache took the damaged one's place");
    }

    [Test]
    public void A_folder_that_cannot_be_written_costs_nothing_but_time()
    {
        string file = Path.Combine(folder, "a file");
        File.WriteAllText(file, "in the way");
        using GpuDevice device = OpenAnew(Path.Combine(file, "below"));
        MakeKernel(device);
        Assert.That(device.SavePipelineCache(), Is.False);
        Assert.That(device.PipelineCacheProblem, Does.Contain("cannot be written").Or.StartWith("the driver handed out"));
    }

    [Test]
    public void Without_a_folder_nothing_is_kept()
    {
        using GpuDevice device = OpenAnew("");
        MakeKernel(device);
        Assert.That((device.SavePipelineCache(), device.PipelineCachePath), Is.EqualTo((false, (string?)null)));
    }

    [Test]
    public void The_variable_names_the_folder()
    {
        string? before = Environment.GetEnvironmentVariable(CacheFolder.Variable);
        try
        {
            Environment.SetEnvironmentVariable(CacheFolder.Variable, folder);
            using GpuDevice device = OpenAnew(null);
            Assert.That(device.PipelineCachePath, Does.StartWith(folder));
        }
        finally
        {
            Environment.SetEnvironmentVariable(CacheFolder.Variable, before);
        }
    }

    private static byte[] Damage(byte[] sound, string damage)
    {
        byte[] bytes = [.. sound];
        const int identityAt = 40, lengthAt = 72, dataAt = 80;
        switch (damage)
        {
            case "flipped":
                bytes[^1] ^= 1;
                return bytes;
            case "truncated":
                return bytes[..^7];
            case "empty":
                return [];
            case "short":
                return bytes[..20];
            case "text":
                return [.. Enumerable.Repeat((byte)'x', 500)];
            case "foreign":
                bytes[identityAt] ^= 1;
                return Resealed(bytes);
            case "length":
                bytes[lengthAt] ^= 1;
                return Resealed(bytes);
            default:
                // The vendor in the driver's own header, under a checksum that is right.
                bytes[dataAt + 8] ^= 1;
                return Resealed(bytes);
        }
    }

    private static byte[] Resealed(byte[] bytes)
    {
        System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(40), bytes.AsSpan(8, 32));
        return bytes;
    }

    private string WriteCache()
    {
        using GpuDevice device = OpenAnew(folder);
        MakeKernel(device);
        if (!device.SavePipelineCache())
        {
            Assert.That(device.PipelineCacheProblem, Does.StartWith("the driver handed out"));
            Assert.Ignore($"{Device.Info.DriverVersion}: {device.PipelineCacheProblem}");
        }
        Assert.That(device.PipelineCacheLoaded, Is.False, "it was written, not loaded");
        return device.PipelineCachePath!;
    }

    private static void MakeKernel(GpuDevice device) => device.GetKernel(TestKernels.Load("scale"), [], 64);
}

using NUnit.Framework;
using VkInception.Tests.Weights;
using VkInception.Vulkan;

namespace VkInception.Tests.Vulkan;

/// <summary>The file around the driver's pipeline cache: what is not byte for byte what this device wrote never reaches its driver.</summary>
[TestFixture]
public sealed class PipelineCacheFileTests
{
    private static readonly DeviceInfo info = SomeDevice.Candidate.Info;

    private static readonly (string What, DeviceCandidate Device)[] others =
    [
        ("driver version", SomeDevice.Candidate with { DriverVersion = 77 }),
        ("pipeline cache UUID", SomeDevice.Candidate with { PipelineCacheUuid = "ff0102030405060708090a0b0c0d0e0f" }),
        ("device UUID", SomeDevice.Candidate with { Info = info with { Uuid = "ff112233-4455-6677-8899-aabbccddeeff" } }),
        ("vendor", SomeDevice.Candidate with { Info = info with { VendorId = 1 } }),
        ("device", SomeDevice.Candidate with { Info = info with { DeviceId = 2 } }),
    ];

    [Test]
    public void EveryFlippedBitAndEveryTruncationIsFound()
    {
        using var scratch = new ScratchFolder();
        PipelineCacheFile file = Written(scratch);
        byte[] sound = File.ReadAllBytes(file.Path);
        for (int at = 0; at < sound.Length; at++)
        {
            foreach (byte flip in (byte[])[1, 2, 4, 8, 16, 32, 64, 128, 255])
            {
                byte[] damaged = [.. sound];
                damaged[at] ^= flip;
                ExpectIgnored(file, damaged, $"byte {at} with {flip}");
            }
        }
        for (int length = 0; length < sound.Length; length++) ExpectIgnored(file, sound[..length], $"{length} bytes");
        ExpectIgnored(file, [.. sound, 0], "a byte too many");
        file.Write(SomeDevice.PipelineCache());
        Assert.That(file.Read(out string? problem), Is.EqualTo(SomeDevice.PipelineCache()));
        Assert.That(problem, Is.Null);
    }

    [Test]
    public void ACacheOfAnotherDeviceOrDriverIsIgnoredWhereverItLies()
    {
        using var scratch = new ScratchFolder();
        byte[] sound = File.ReadAllBytes(Written(scratch).Path);
        foreach ((string what, DeviceCandidate device) in others)
        {
            var file = new PipelineCacheFile(scratch["caches"], device);
            Assert.That(file.Path, Is.Not.EqualTo(Written(scratch).Path), what);
            ExpectIgnored(file, sound, what, "another device or driver");
        }
    }

    [Test]
    public void AFolderInThePlaceOfTheFileOrAFileInThatOfTheFolderIsSaid()
    {
        using var scratch = new ScratchFolder();
        PipelineCacheFile file = Written(scratch), below = new(scratch.Write("file", [1]), SomeDevice.Candidate);
        File.Delete(file.Path);
        Directory.CreateDirectory(file.Path);
        foreach (PipelineCacheFile obstructed in (PipelineCacheFile[])[file, below])
        {
            Assert.That(obstructed.Read(out _), Is.Empty);
            Assert.That(() => obstructed.Write(SomeDevice.PipelineCache()), Refuses.With(ErrorCode.InputOutput, obstructed.Path, "cannot be written"));
        }
    }

    [Test]
    public void OnAFullDeviceNothingIsKept()
    {
        if (!File.Exists("/dev/full")) Assert.Ignore("this system has no /dev/full");
        using var scratch = new ScratchFolder();
        PipelineCacheFile file = Written(scratch);
        File.Delete(file.Path);
        File.CreateSymbolicLink(file.Path, "/dev/full");
        Assert.That(file.Read(out string? problem), Is.Empty);
        Assert.That(problem, Does.Contain("ignored"));
        Assert.That(() => file.Write(SomeDevice.PipelineCache()), Refuses.With(ErrorCode.InputOutput, file.Path));
        Assert.That(new FileInfo(file.Path).LinkTarget, Is.EqualTo("/dev/full"), "neither the link nor the device was replaced");
    }

    [Test]
    public void WhoeverReadsWhileOthersWriteSeesAWholeFile()
    {
        using var scratch = new ScratchFolder();
        PipelineCacheFile file = Written(scratch);
        var written = new HashSet<int>(Enumerable.Range(0, 4).Select(w => 64 + 1000 * w));
        Parallel.For(0, 6, new ParallelOptions { MaxDegreeOfParallelism = 6 }, worker =>
        {
            for (int i = 0; i < 40; i++)
            {
                if (worker < 3) file.Write(SomeDevice.PipelineCache(64 + 1000 * ((worker + i) % 4)));
                else
                {
                    byte[] found = file.Read(out string? problem);
                    if (problem is not null || !written.Contains(found.Length)) throw new InvalidOperationException($"{found.Length} bytes: {problem}");
                }
            }
        });
        Assert.That(Directory.GetFiles(scratch["caches"]), Is.EqualTo(new[] { file.Path }), "no temporary file is left");
    }

    private static PipelineCacheFile Written(ScratchFolder scratch)
    {
        var file = new PipelineCacheFile(scratch["caches"], SomeDevice.Candidate);
        file.Write(SomeDevice.PipelineCache());
        return file;
    }

    private static void ExpectIgnored(PipelineCacheFile file, byte[] content, string what, string reason = "")
    {
        File.WriteAllBytes(file.Path, content);
        Assert.That(file.Read(out string? problem), Is.Empty, what);
        Assert.That(problem, Does.Contain(file.Path).And.Contain("ignored").And.Contain(reason).And.Not.Contain("\n"), what);
    }
}

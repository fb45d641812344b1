using System.Text;
using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

[TestFixture]
public sealed class SafetensorsTests
{
    [Test]
    public void TensorsAndMetadataAreRead()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File("two.safetensors"));
        Assert.That(checkpoint.Format, Is.EqualTo("safetensors"));
        Assert.That(checkpoint.Metadata, Is.EqualTo(new Dictionary<string, string> { ["format"] = "pt" }));
        Assert.That(checkpoint.Tensors.Select(t => (t.Name, t.Type)), Is.EqualTo(new[] { ("a", ElementType.Float32), ("b", ElementType.Float16) }));
        Assert.That(checkpoint.Tensors[0].Shape, Is.EqualTo(new[] { 2, 3 }));
        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(Golden.Values(6, 0)));
        Assert.That(checkpoint.Tensors[1].ToFloat32(), Is.EqualTo(Golden.Values(3, 1)));
    }

    [Test]
    public void WritingWhatWasReadGivesTheSameBytes()
    {
        using var scratch = new ScratchFolder();
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File("two.safetensors"));
        SafetensorsWriter.Write(scratch["out.safetensors"], checkpoint.Tensors, checkpoint.Metadata);
        Assert.That(File.ReadAllBytes(scratch["out.safetensors"]), Is.EqualTo(Golden.Bytes("two.safetensors")));
    }

    [Test]
    public void OrderAndAlignmentDoNotDependOnTheCaller()
    {
        NamedTensor[] tensors =
        [
            NamedTensor.FromFloat32("z", [3], Golden.Values(3, 0)),
            NamedTensor.FromInt64("n/é\"", [], new long[] { 5 }),
            NamedTensor.FromFloat32("a", [0, 4], Array.Empty<float>()),
        ];
        using var scratch = new ScratchFolder();
        SafetensorsWriter.Write(scratch["1"], tensors, new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" });
        SafetensorsWriter.Write(scratch["2"], tensors.Reverse(), new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" });
        Assert.That(File.ReadAllBytes(scratch["2"]), Is.EqualTo(File.ReadAllBytes(scratch["1"])));
        Assert.That(BitConverter.ToInt64(File.ReadAllBytes(scratch["1"])) % 8, Is.Zero);
        using Checkpoint back = Checkpoint.Open(scratch["1"]);
        Assert.That(back.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "n/é\"", "a", "z" }));
        Assert.That(back.Tensors[0].ToInt64(), Is.EqualTo(new long[] { 5 }));
        Assert.That(back.Tensors[1].ToFloat32(), Is.Empty);
        Assert.That(back.Tensors[2].ToFloat32(), Is.EqualTo(Golden.Values(3, 0)));
        Assert.That(back.Metadata["b"], Is.EqualTo("2"));
    }

    [Test]
    public void AFileCanBeWrittenOverItself()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.safetensors", Golden.Bytes("two.safetensors"));
        using (Checkpoint checkpoint = Checkpoint.Open(path))
            SafetensorsWriter.Write(path, checkpoint.Tensors.Select(t => t.WithName("new." + t.Name)));
        using Checkpoint back = Checkpoint.Open(path);
        Assert.That(back.TryGet("new.a", out NamedTensor? a));
        Assert.That(a!.ToFloat32(), Is.EqualTo(Golden.Values(6, 0)));
    }

    [Test]
    public void ClashingNamesAreNotWritten([Values("x", "__metadata__")] string name)
    {
        NamedTensor[] tensors = [NamedTensor.FromFloat32("x", [1], new float[1]), NamedTensor.FromFloat32(name, [1], new float[1])];
        using var scratch = new ScratchFolder();
        Assert.That(() => SafetensorsWriter.Write(scratch["x"], tensors), Refuses.With(ErrorCode.InvalidArgument, name));
        Assert.That(File.Exists(scratch["x"]), Is.False);
    }

    private static readonly object[][] damaged =
    [
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "twice"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "no tensor"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}", "truncated"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", "needs 4 bytes"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "holes"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "overlap"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "offsets"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}", "overflow"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,8]}}", "overflow"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000000000],\"data_offsets\":[0,4000000000000]}}", "overflow"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "no file can hold"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}}", "no file can hold"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}}", "no file can hold"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}", "no file can hold"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", "lacks"],
        ["{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}}", "more"],
        ["{\"a\":[]}", "tensor 'a'"],
        ["{\"__metadata__\":{\"a\":1}}", "__metadata__"],
        ["{\"__metadata__\":{\"a\":{\"b\":{\"c\":{}}}}}", "__metadata__"],
        ["{\"a\\ud800\":{}}", "not valid"],
        ["{\"a\\nb\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "control"],
        ["{} {}", "not valid"],
        ["{", "not valid"],
        ["{\"a\":", "not valid"],
    ];

    [TestCaseSource(nameof(damaged))]
    public void DamagedHeadersAreRefused(string header, string word)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.safetensors", Safetensors(header, 8));
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileDamaged, word));
    }

    [Test]
    public void AnUnknownTypeIsNamed()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.safetensors", Safetensors("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8));
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.UnsupportedFormat, "F8_E4M3", "'a'"));
    }

    [TestCase(ulong.MaxValue)]
    [TestCase(1UL << 40)]
    [TestCase(100_000_001UL)]
    [TestCase(100_000_000UL)]
    [TestCase(9UL)]
    [TestCase(0UL)]
    public void AHeaderLengthBeyondTheFileIsRefused(ulong length)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.safetensors", [.. BitConverter.GetBytes(length), .. "{}      "u8]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileDamaged));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20));
    }

    private static byte[] Safetensors(string header, int dataBytes)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[dataBytes]];
    }
}

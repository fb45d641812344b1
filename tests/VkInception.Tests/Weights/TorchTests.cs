using NUnit.Framework;
using VkInception.Tests.House;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

[TestFixture]
public sealed class TorchTests
{
    [TestCase("state.pth", "torch")]
    [TestCase("state_legacy.pth", "torch-legacy")]
    public void ABareStateDictIsRead(string name, string format)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File(name));
        Assert.That(checkpoint.Format, Is.EqualTo(format));
        Assert.That(checkpoint.Tensors.Select(t => t.Name), Is.EqualTo(new[]
        {
            "conv.weight", "conv.bias", "bn.num_batches_tracked", "half", "bfloat", "double", "transposed",
            "view", "columns", "mask", "bytes", "parameter", "none",
        }));
        Check(checkpoint, "conv.weight", ElementType.Float32, [4, 3, 2, 2], Golden.Values(48, 0));
        Check(checkpoint, "conv.bias", ElementType.Float32, [4], Golden.Values(4, 1));
        Check(checkpoint, "bn.num_batches_tracked", ElementType.Int64, [], [7]);
        Check(checkpoint, "half", ElementType.Float16, [3, 2], Golden.Values(6, 2));
        Check(checkpoint, "bfloat", ElementType.BFloat16, [3, 2], Golden.Values(6, 3));
        Check(checkpoint, "double", ElementType.Float64, [3, 2], Golden.Values(6, 4));
        Check(checkpoint, "transposed", ElementType.Float32, [3, 5], Golden.Values(15, 5));
        float[] shared = Golden.Values(24, 6);
        Check(checkpoint, "view", ElementType.Float32, [2, 4], shared[8..16]);
        Check(checkpoint, "columns", ElementType.Float32, [6, 2], [.. Enumerable.Range(0, 12).Select(i => shared[i / 2 * 4 + 1 + i % 2])]);
        Check(checkpoint, "mask", ElementType.Bool, [3], [1, 0, 1]);
        Check(checkpoint, "bytes", ElementType.UInt8, [5], [0, 1, 2, 3, 4]);
        Check(checkpoint, "parameter", ElementType.Float32, [2, 2], Golden.Values(4, 7));
        Check(checkpoint, "none", ElementType.Float32, [0, 3], []);
    }

    [TestCase("checkpoint_p2.pth")]
    [TestCase("checkpoint_p3.pth")]
    [TestCase("checkpoint_p4.pth")]
    [TestCase("checkpoint_p5.pth")]
    [TestCase("checkpoint_legacy.pth")]
    public void AStateDictInsideATrainingCheckpointIsFound(string name)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Golden.File(name));
        Assert.That(checkpoint.Tensors.Select(t => t.Name), Is.EqualTo(new[]
        {
            "conv.weight", "conv.bias", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked",
        }));
        Check(checkpoint, "conv.weight", ElementType.Float32, [3, 2, 1, 1], Golden.Values(6, 0));
        Check(checkpoint, "bn.running_var", ElementType.Float32, [3], Golden.Values(3, 5));
        Assert.That(checkpoint.Tensors[^1].Type, Is.EqualTo(ElementType.Int64));
        Assert.That(checkpoint.Notes, Has.Some.Contains("'state_dict'"));
        Assert.That(checkpoint.Notes, Has.Some.Contains("'module.'"));
        Assert.That(checkpoint.Notes, Has.Some.Contains("'epoch', 'best_prec1'").And.Some.Contains("4 more"));
    }

    [Test]
    public void AWholeModuleIsRefusedByTheNameOfItsClass() =>
        Assert.That(() => Checkpoint.Open(Golden.File("module.pth")), Refuses.With(ErrorCode.FileRefused, "__main__.Net", "state_dict"));

    [Test]
    public void TheTrainedResNetIsRead()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Repository.SharedData("torch/resnet20-12fca82f.th"));
        Assert.That(checkpoint.Format, Is.EqualTo("torch-legacy"));
        Assert.That(checkpoint.TryGet("conv1.weight", out NamedTensor? conv));
        Assert.That(conv!.Shape, Is.EqualTo(new[] { 16, 3, 3, 3 }));
        Assert.That(checkpoint.TryGet("linear.weight", out NamedTensor? linear));
        Assert.That(linear!.Shape, Is.EqualTo(new[] { 10, 64 }));
        // The published figure: 0.27 million parameters.
        long parameters = checkpoint.Tensors.Where(t => t.Type.IsFloatingPoint() && !t.Name.Contains("running")).Sum(t => t.Count);
        Assert.That(parameters, Is.EqualTo(269_722));
        Assert.That(checkpoint.Tensors.Select(TensorStatistics.Of).All(s => s.AllFinite));
    }

    [Test]
    public void AFlippedBitOfAStorageFailsTheChecksum()
    {
        byte[] bytes = Golden.Bytes("state.pth");
        int at = bytes.AsSpan().IndexOf(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(Golden.Values(48, 0)));
        bytes[at + 5] ^= 1;
        using var scratch = new ScratchFolder();
        using Checkpoint checkpoint = Checkpoint.Open(scratch.Write("x.pth", bytes));
        Assert.That(() => checkpoint.Tensors[0].ToFloat32(), Refuses.With(ErrorCode.FileDamaged, "checksum"));
    }

    [Test]
    public void AStorageOfALegacyFileMustBeThere()
    {
        byte[] bytes = Golden.Bytes("state_legacy.pth");
        using var scratch = new ScratchFolder();
        Assert.That(() => Checkpoint.Open(scratch.Write("x.pth", bytes[..^1])), Refuses.With(ErrorCode.FileDamaged, "truncated"));
    }

    [Test]
    public void TheOldestFormatIsNamed()
    {
        var tar = new byte[1024];
        "sys_info"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        using var scratch = new ScratchFolder();
        Assert.That(() => Checkpoint.Open(scratch.Write("x.pth", tar)), Refuses.With(ErrorCode.UnsupportedFormat, "0.1.10"));
    }

    [Test]
    public void TheFilesByteOrderIsFollowed([Values("little", "big")] string order)
    {
        float[] values = [1.5f, -2, 3, 4];
        byte[] storage = System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray();
        if (order == "big")
            ElementType.Float32.ReverseEndianness(storage);
        PickleBytes pickle = new PickleBytes().Raw("}(").Text("w").Tensor("0", 4, 1, [3], [1]).Text("t").Tensor("0", 4, 0, [2, 2], [1, 2]).Raw("u.");
        using var scratch = new ScratchFolder();
        using Checkpoint checkpoint = Checkpoint.Open(scratch.Write("x.pth", pickle.ToTorchZip(storage, order)));
        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(values[1..]));
        Assert.That(checkpoint.Tensors[1].ToFloat32(), Is.EqualTo(new[] { values[0], values[2], values[1], values[3] }));
    }

    [Test]
    public void AnUntypedStorageTakesTheTypeOfItsTensor()
    {
        PickleBytes pickle = new PickleBytes().Raw("}").Text("w").Global("torch._utils", "_rebuild_tensor_v3").Raw("((").Text("storage")
            .Global("torch.storage", "UntypedStorage").Text("0").Text("cpu").Number(6).Raw("tQ").Number(1).Tuple(2).Tuple(1)
            .Raw(0x89).Global("collections", "OrderedDict").Raw(")R").Global("torch", "uint16").Raw("tRs.");
        using var scratch = new ScratchFolder();
        using Checkpoint checkpoint = Checkpoint.Open(scratch.Write("x.pth", pickle.ToTorchZip([1, 0, 2, 0, 0xFF, 0xFF], byteOrder: null)));
        Check(checkpoint, "w", ElementType.UInt16, [2], [2, 65535]);
    }

    [Test]
    public void TheOneEntryThatHoldsTensorsIsTakenWhateverItsName()
    {
        using Checkpoint checkpoint = OpenNested("ema", null);
        Assert.That(checkpoint.Tensors.Single().Name, Is.EqualTo("w"));
        Assert.That(checkpoint.Notes, Has.Some.Contains("'ema'"));
    }

    [Test]
    public void TheUsualNameIsPreferred()
    {
        using Checkpoint checkpoint = OpenNested("ema", "model");
        Assert.That(checkpoint.Notes, Has.Some.Contains("'model'"));
    }

    [Test]
    public void SeveralUnusualEntriesAreNotGuessedAmong() =>
        Assert.That(() => OpenNested("generator", "critic"), Refuses.With(ErrorCode.UnsupportedFormat, "'generator'", "'critic'"));

    [Test]
    public void EntriesWithinEntriesAreFollowed()
    {
        PickleBytes pickle = new PickleBytes().Raw("}").Text("model").Raw("}").Text("state_dict").Raw("}").Text("w").Tensor("0", 4, 0, [4], [1]).Raw("sss.");
        using var scratch = new ScratchFolder();
        using Checkpoint checkpoint = Checkpoint.Open(scratch.Write("x.pth", pickle.ToTorchZip()));
        Assert.That(checkpoint.Tensors.Single().Name, Is.EqualTo("w"));
    }

    [Test]
    public void APrefixOfSomeNamesIsKept()
    {
        PickleBytes pickle = new PickleBytes().Raw("}(").Text("module.w").Tensor("0", 4, 0, [4], [1]).Text("w").Tensor("0", 4, 0, [4], [1]).Raw("u.");
        using var scratch = new ScratchFolder();
        using Checkpoint checkpoint = Checkpoint.Open(scratch.Write("x.pth", pickle.ToTorchZip()));
        Assert.That(checkpoint.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "module.w", "w" }));
    }

    private static Checkpoint OpenNested(string first, string? second)
    {
        PickleBytes pickle = new PickleBytes().Raw("}");
        foreach (string name in new[] { first, second }.OfType<string>())
            pickle.Text(name).Raw("}").Text("w").Tensor("0", 4, 0, [4], [1]).Raw("ss");
        using var scratch = new ScratchFolder();
        return Checkpoint.Open(scratch.Write("x.pth", pickle.Raw(".").ToTorchZip()));
    }

    private static void Check(Checkpoint checkpoint, string name, ElementType type, int[] shape, float[] values)
    {
        Assert.That(checkpoint.TryGet(name, out NamedTensor? tensor), name);
        Assert.That(tensor!.Type, Is.EqualTo(type), name);
        Assert.That(tensor.Shape, Is.EqualTo(shape), name);
        Assert.That(tensor.ToFloat32(), Is.EqualTo(values), name);
    }
}

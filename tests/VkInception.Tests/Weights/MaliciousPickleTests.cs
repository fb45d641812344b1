using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

/// <summary>Pickles that want to run something, or to grow without bound.</summary>
[TestFixture]
public sealed class MaliciousPickleTests
{
    private static IEnumerable<TestCaseData> Calls()
    {
        yield return Call("os.system by GLOBAL and REDUCE", "posix.system", p => p.Global("posix", "system").Text("id").Raw(0x85).Raw("R."));
        yield return Call("eval by STACK_GLOBAL", "builtins.eval", p => p.Text("builtins").Text("eval").Raw(0x93).Text("1").Raw(0x85).Raw("R."));
        yield return Call("INST", "os.system", p => p.Raw("(").Text("id").Raw("ios\nsystem\n."));
        yield return Call("OBJ", "subprocess.Popen", p => p.Raw("(").Global("subprocess", "Popen").Text("id").Raw("o."));
        yield return Call("OBJ of an allowed class", "collections.OrderedDict", p => p.Raw("(").Global("collections", "OrderedDict").Raw("o."));
        yield return Call("NEWOBJ of an allowed class", "collections.OrderedDict", p => p.Global("collections", "OrderedDict").Raw(")").Raw(0x81).Raw("."));
        yield return Call("NEWOBJ_EX", "torch.Size", p => p.Global("torch", "Size").Raw(")}").Raw(0x92).Raw("."));
        yield return Call("a class alone", "torch.nn.modules.conv.Conv2d", p => p.Global("torch.nn.modules.conv", "Conv2d").Raw("."));
        yield return Call("NumPy's reconstruct", "numpy.core.multiarray._reconstruct", p => p.Global("numpy.core.multiarray", "_reconstruct").Raw("."));
        yield return Call("getattr", "builtins.getattr", p => p.Global("builtins", "getattr").Raw("."));
        yield return Call("a call of a text", "os.system", p => p.Text("os.system").Text("id").Raw(0x85).Raw("R."));
        yield return Call("a call of a dtype", "torch.float32", p => p.Global("torch", "float32").Raw(")R."));
        yield return Call("an extension", "extension 7", p => p.Raw(0x82, 7).Raw("."));
        yield return Call("state of a list", "a list", p => p.Raw("]}b."));
        yield return Call("state of a tensor", "a tensor", p => p.Tensor("0", 4, 0, [4], [1]).Raw("}b."));
        yield return Call("state of a dictionary that is a text", "a dictionary", p => p.Raw("}").Text("x").Raw("b."));
        yield return Call("persistent id of text", "outside", p => p.Raw("P../secret\n."));
        yield return Call("persistent id of anything", "outside", p => p.Text("file").Raw("Q."));
        yield return Call("an encoding other than latin1", "_codecs.encode", p => p.Global("_codecs", "encode").Text("x").Text("zip").Raw(0x86).Raw("R."));
        yield return Call("a name with a line break", "os?.system", p => p.Text("os\n").Text("system").Raw(0x93).Raw("."));
        yield return Call("deep inside a state_dict", "posix.system", p => p
            .Raw("}(").Text("conv.weight").Tensor("0", 4, 0, [4], [1]).Text("extra").Raw("](}").Text("x").Global("posix", "system").Raw("sesu."));
    }

    [TestCaseSource(nameof(Calls))]
    public void ACallIsRefusedByName(byte[] pickle, string name)
    {
        using var scratch = new ScratchFolder();
        string zip = scratch.Write("x.pth", new PickleBytes().Raw(pickle[2..]).ToTorchZip());
        Assert.That(() => Checkpoint.Open(zip), Refuses.With(ErrorCode.FileRefused, name));
        string legacy = scratch.Write("y.pth", new PickleBytes().Raw(pickle[2..]).ToTorchLegacy());
        Assert.That(() => Checkpoint.Open(legacy), Refuses.With(ErrorCode.FileRefused, name));
        string bare = scratch.Write("z.bin", pickle);
        Assert.That(() => Checkpoint.Open(bare), Refuses.With(ErrorCode.FileRefused, name));
    }

    private static IEnumerable<TestCaseData> Bombs()
    {
        yield return Bomb("lists of lists", ErrorCode.UnsupportedFormat, p =>
        {
            p.Raw("]").Raw("q\0");
            for (int level = 0; level < 200; level++)
                p.Raw("0](").Raw("h\0h\0h\0h\0h\0h\0h\0h\0h\0h\0e").Raw("q\0");
            p.Raw(".");
        });
        yield return Bomb("a dictionary that holds itself", ErrorCode.UnsupportedFormat, p => p.Raw("}q\0").Text("state_dict").Raw("h\0s").Raw("."));
        yield return Bomb("a list that holds itself", ErrorCode.UnsupportedFormat, p => p.Raw("]q\0h\0a."));
        yield return Bomb("depth", ErrorCode.UnsupportedFormat, p =>
        {
            for (int i = 0; i < 300_000; i++)
                p.Raw("]");
            for (int i = 1; i < 300_000; i++)
                p.Raw("a");
            p.Raw(".");
        });
        yield return Bomb("a stack without end", ErrorCode.FileRefused, p =>
        {
            for (int i = 0; i < 1_200_000; i++)
                p.Raw("N");
        });
        yield return Bomb("instructions without end", ErrorCode.FileRefused, p =>
        {
            for (int i = 0; i < 1_100_000; i++)
                p.Raw("N0");
        });
        yield return Bomb("memo at the far end", ErrorCode.UnsupportedFormat, p => p.Raw("]r").Raw(255, 255, 255, 255).Raw("j").Raw(255, 255, 255, 255).Raw("0."));
        yield return Bomb("a copy of a large list again and again", ErrorCode.FileRefused, p =>
        {
            p.Raw("](");
            for (int i = 0; i < 50_000; i++)
                p.Raw("NN").Raw(0x86);
            p.Raw("eq\0");
            for (int i = 0; i < 1000; i++)
                p.Global("collections", "OrderedDict").Raw("h\0").Raw(0x85).Raw("R0");
            p.Raw(".");
        });
        yield return Bomb("a copy of a large text again and again", ErrorCode.FileRefused, p =>
        {
            p.Text(new string('x', 1 << 20)).Raw("q\0").Text("latin1").Raw("q\u0001");
            for (int i = 0; i < 1000; i++)
                p.Global("_codecs", "encode").Raw("h\0h\u0001").Raw(0x86).Raw("R");
            p.Raw(".");
        });
        yield return Bomb("a text of four gigabytes", ErrorCode.FileDamaged, p => p.Raw("X").Raw(255, 255, 255, 255));
        yield return Bomb("bytes beyond any file", ErrorCode.FileDamaged, p => p.Raw(0x8E, 255, 255, 255, 255, 255, 255, 255, 255));
        yield return Bomb("an integer of two gigabytes", ErrorCode.FileRefused, p => p.Raw(0x8B, 255, 255, 255, 127));
        yield return Bomb("a name without end", ErrorCode.FileDamaged, p => p.Raw("c" + new string('x', 10_000)));
        yield return Bomb("a thousand dictionaries of a thousand references", ErrorCode.UnsupportedFormat, p =>
        {
            p.Raw("}q\0(");
            for (int i = 0; i < 100_000; i++)
                p.Raw("K\u0001N");
            p.Raw("u}(");
            for (int i = 0; i < 100_000; i++)
                p.Raw("U\u0001xh\0");
            p.Raw("uq\u000100h\u0001.");
        });
    }

    [TestCaseSource(nameof(Bombs))]
    public void ABombStaysSmall(byte[] pickle, ErrorCode code)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.pth", new PickleBytes().Raw(pickle[2..]).ToTorchZip());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Checkpoint.Open(path), Refuses.With(code));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(200L << 20));
    }

    private static readonly object[][] views =
    [
        [4L, 0L, new[] { 5L }, new[] { 1L }, ErrorCode.FileDamaged],
        [4L, 1L, new[] { 4L }, new[] { 1L }, ErrorCode.FileDamaged],
        [4L, -1L, new[] { 2L }, new[] { 1L }, ErrorCode.FileDamaged],
        [4L, long.MaxValue, new[] { 2L }, new[] { 1L }, ErrorCode.FileDamaged],
        [4L, 3L, new[] { 2L }, new[] { -1L }, ErrorCode.FileDamaged],
        [4L, 0L, new[] { 2L, 2L }, new[] { 3L, 1L }, ErrorCode.FileDamaged],
        [4L, 0L, new[] { 2L }, new[] { long.MaxValue }, ErrorCode.FileDamaged],
        [4L, 0L, new[] { 2147483647L, 2147483647L, 2147483647L }, new[] { 0L, 0L, 0L }, ErrorCode.FileDamaged],
        [4L, 0L, new[] { 1L << 40 }, new[] { 1L }, ErrorCode.FileDamaged],
        [4L, 0L, new[] { -4L }, new[] { 1L }, ErrorCode.FileDamaged],
        [4L, 0L, new[] { 2147483647L }, new[] { 0L }, ErrorCode.FileRefused],
        [4L, 0L, new[] { 4L }, new[] { 1L, 1L }, ErrorCode.FileRefused],
        [long.MaxValue, 0L, new[] { 4L }, new[] { 1L }, ErrorCode.FileDamaged],
        [-1L, 0L, new[] { 4L }, new[] { 1L }, ErrorCode.FileDamaged],
        [1L << 40, 0L, new[] { 1L << 30 }, new[] { 1L }, ErrorCode.FileDamaged],
    ];

    [TestCaseSource(nameof(views))]
    public void AViewMustLieWithinItsStorage(long count, long offset, long[] size, long[] stride, ErrorCode code)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.pth", new PickleBytes().Raw("}").Text("w").Tensor("0", count, offset, size, stride).Raw("s.").ToTorchZip());
        Assert.That(() => Checkpoint.Open(path), Refuses.With(code));
    }

    [Test]
    public void ASmallExpandedTensorIsRead()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.pth", new PickleBytes().Raw("}").Text("w").Tensor("0", 4, 1, [3, 2], [0, 1]).Raw("s.").ToTorchZip());
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(new float[6]));
    }

    [Test]
    public void ManyNamesOverOneStorageAreRefused()
    {
        PickleBytes pickle = new PickleBytes().Raw("}").Tensor("0", 1 << 20, 0, [1 << 20], [1]).Raw("q\00").Raw("(");
        for (int i = 0; i < 1000; i++)
            pickle.Text($"w{i}").Raw("h\0");
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.pth", pickle.Raw("u.").ToTorchZip(1 << 20));
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileRefused, "describes"));
    }

    [Test]
    public void AMissingStorageIsNamed()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.pth", new PickleBytes().Raw("}").Text("w").Tensor("7", 4, 0, [4], [1]).Raw("s.").ToTorchZip());
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileDamaged, "'7'"));
    }

    private static TestCaseData Call(string what, string name, Action<PickleBytes> write)
    {
        var pickle = new PickleBytes();
        write(pickle);
        return new TestCaseData(pickle.ToArray(), name).SetArgDisplayNames(what);
    }

    private static TestCaseData Bomb(string what, ErrorCode code, Action<PickleBytes> write)
    {
        var pickle = new PickleBytes();
        write(pickle);
        return new TestCaseData(pickle.ToArray(), code).SetArgDisplayNames(what);
    }
}

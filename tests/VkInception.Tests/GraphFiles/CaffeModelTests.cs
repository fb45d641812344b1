using NUnit.Framework;
using VkInception.Tests.House;
using VkInception.Weights;

namespace VkInception.Tests.GraphFiles;

public class CaffeModelTests
{
    private static readonly float[] six = [1, 2, 3, 4, 5, 6];

    internal static byte[] V1() => new WireWriter()
        .Text(1, "old")
        .Message(2, new WireWriter().Text(2, "data").Text(3, "c").Text(4, "conv").Varint(5, 4)
            .Message(6, Legacy(2, 1, 1, 3).PackedFloats(5, six))
            .Message(6, Legacy(1, 1, 1, 2).PackedFloats(5, 7, 8)))
        .Message(2, new WireWriter().Text(4, "fc").Varint(5, 14)
            .Message(6, Legacy(1, 1, 3, 2).PackedFloats(5, six))
            .Message(6, Legacy(1, 1, 1, 3).PackedFloats(5, 7, 8, 9)))
        .Message(2, new WireWriter().Text(4, "relu").Varint(5, 18))
        .ToArray();

    internal static byte[] Current()
    {
        WireWriter unpacked = new WireWriter().Message(7, new WireWriter().PackedVarints(1, 3));
        unpacked.Float(5, 1).Float(5, 2).PackedFloats(5, 3);
        return new WireWriter().Text(1, "new")
            .Message(100, new WireWriter().Text(1, "conv").Text(2, "Convolution")
                .Message(7, new WireWriter().PackedFloats(5, six).Message(7, new WireWriter().Varint(1, 3).Varint(1, 2).Varint(1, 1).Varint(1, 1)))
                .Message(7, unpacked))
            .Message(100, new WireWriter().Text(1, "bn").Text(2, "BatchNorm")
                .Message(7, new WireWriter().PackedFloats(5, 1, 2).Message(7, new WireWriter().PackedVarints(1, 2)))
                .Message(7, new WireWriter().Double(8, 3).Double(8, 0.1).Message(7, new WireWriter().PackedVarints(1, 2)))
                .Message(7, new WireWriter().PackedFloats(5, 0.5f).Message(7, new WireWriter().PackedVarints(1, 1))))
            .ToArray();
    }

    [Test]
    public void LegacyLayersLoseTheirLeadingOnesWhereTheLayerHasFewerAxes()
    {
        using var file = new ScratchFile("a.caffemodel", V1());
        using Checkpoint checkpoint = Checkpoint.Open(file.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(checkpoint.Format, Is.EqualTo("caffemodel"));
            Assert.That(checkpoint.Tensors.Select(t => $"{t.Name} {string.Join('x', t.Shape)}"),
                Is.EqualTo(new[] { "conv.weight 2x1x1x3", "conv.bias 2", "fc.weight 3x2", "fc.bias 3" }));
            Assert.That(checkpoint.Tensors[2].ToFloat32(), Is.EqualTo(six));
            Assert.That(checkpoint.Tensors[3].ToFloat32(), Is.EqualTo(new float[] { 7, 8, 9 }));
        }
    }

    [Test]
    public void CurrentLayersAreReadPackedOrNotInFloatOrDouble()
    {
        using var file = new ScratchFile("a.bin", Current());
        using Checkpoint checkpoint = Checkpoint.Open(file.Path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(checkpoint.Tensors.Select(t => t.Name), Is.EqualTo(new[] { "conv.weight", "conv.bias", "bn.mean", "bn.variance", "bn.scale_factor" }));
            Assert.That(checkpoint.Tensors[0].Shape, Is.EqualTo(new[] { 3, 2, 1, 1 }));
            Assert.That(checkpoint.Tensors[1].ToFloat32(), Is.EqualTo(new float[] { 1, 2, 3 }));
            Assert.That(checkpoint.Tensors[3].Type, Is.EqualTo(ElementType.Float64));
            Assert.That(checkpoint.Tensors[3].ToFloat32(), Is.EqualTo(new[] { 3, 0.1f }));
        }
    }

    [Test]
    public void ShapesThatDataDoNotFillAreRefusedByName()
    {
        byte[] huge = new WireWriter().Message(2, new WireWriter().Text(4, "conv").Varint(5, 4)
            .Message(6, Legacy(int.MaxValue, int.MaxValue, int.MaxValue, 4).PackedFloats(5, six))).ToArray();
        using var file = new ScratchFile("a.caffemodel", huge);
        Assert.That(() => Checkpoint.Open(file.Path),
            Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.FileDamaged).And.Message.Contains("conv.weight"));
    }

    [Test]
    public void DamagedModelsNeverRaiseAnotherException([Values] bool v1)
    {
        using var file = new ScratchFile("a.caffemodel", [0]);
        foreach (byte[] bad in Damage.Of(v1 ? V1() : Current(), 3000, seed: v1 ? 2 : 3))
        {
            file.Rewrite(bad);
            Damage.Survives(() => ReadAll(file.Path), Convert.ToHexString(bad));
        }
    }

    [Test]
    public void TheReferenceModelIsReadWithoutHoldingIt()
    {
        string path = Repository.SharedData("caffe/bvlc_googlenet_seeded.caffemodel");
        long before = GC.GetAllocatedBytesForCurrentThread();
        using Checkpoint checkpoint = Checkpoint.Open(path);
        long kept = GC.GetAllocatedBytesForCurrentThread() - before;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(checkpoint.Tensors, Has.Count.EqualTo(128));
            Assert.That(checkpoint.Tensors.Sum(t => t.Count), Is.EqualTo(13_378_280));
            Assert.That(Shape(checkpoint, "conv1/7x7_s2.weight"), Is.EqualTo("64x3x7x7"));
            Assert.That(Shape(checkpoint, "loss3/classifier.weight"), Is.EqualTo("1000x1024"));
            Assert.That(Shape(checkpoint, "loss1/fc.bias"), Is.EqualTo("1024"));
            Assert.That(kept, Is.LessThan(2 << 20));
        }
    }

    [Test]
    public void SqueezeNetIsRead()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Repository.SharedData("caffe/squeezenet_v1.0.caffemodel"));
        Assert.That(checkpoint.Tensors, Has.Count.EqualTo(52));
        Assert.That(Shape(checkpoint, "fire2/expand3x3.weight"), Is.EqualTo("64x16x3x3"));
    }

    private static WireWriter Legacy(long num, long channels, long height, long width)
        => new WireWriter().Varint(1, num).Varint(2, channels).Varint(3, height).Varint(4, width);

    private static string Shape(Checkpoint checkpoint, string name)
        => checkpoint.TryGet(name, out NamedTensor? tensor) ? string.Join('x', tensor.Shape) : "absent";

    private static void ReadAll(string path)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        foreach (NamedTensor tensor in checkpoint.Tensors) tensor.ToFloat32();
    }
}

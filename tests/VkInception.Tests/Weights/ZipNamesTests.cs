using System.IO.Compression;
using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

/// <summary>What members of a zip file are called and what they claim to be: nothing is ever unpacked, so a name leads nowhere.</summary>
[TestFixture]
public sealed class ZipNamesTests
{
    private const int SymbolicLink = unchecked((int)0xA1FF0000);

    [TestCase("../../escaped.npy")]
    [TestCase("/escaped.npy")]
    [TestCase("C:\\escaped.npy")]
    [TestCase("..\\..\\escaped.npy")]
    [TestCase("a/../../escaped.npy")]
    public void ANameThatLeadsElsewhereIsOnlyAName(string name)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("below/x.npz", Zip((name, Golden.Bytes("f4.npy"), 0)));
        string[] before = Files(scratch);

        using Checkpoint checkpoint = Checkpoint.Open(path);

        Assert.That(checkpoint.Tensors.Single().Name, Is.EqualTo(name[..^4].Replace('\\', '/')));
        Assert.That(checkpoint.Tensors[0].ToFloat32(), Is.EqualTo(Golden.Values(24, 0)));
        Assert.That(Files(scratch), Is.EqualTo(before), "no file was made");
        Assert.That(File.Exists("/escaped.npy"), Is.False);
    }

    [Test]
    public void ASymbolicLinkIsNotFollowed()
    {
        using var scratch = new ScratchFolder();
        string target = scratch.Write("secret.npy", Golden.Bytes("f4.npy"));
        string path = scratch.Write("x.npz", Zip(("a.npy", Golden.Bytes("f4.npy"), 0), ("link.npy", System.Text.Encoding.UTF8.GetBytes(target), SymbolicLink)));
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileDamaged, "link.npy"));
    }

    [Test]
    public void ASymbolicLinkInThePlaceOfAStorageIsNotFollowed()
    {
        using var scratch = new ScratchFolder();
        byte[] pickle = new PickleBytes().Raw("}").Text("w").Tensor("0", 4, 0, [4], [1]).Raw("s.").ToArray();
        string target = scratch.Write("secret", new byte[16]);
        string path = scratch.Write("x.pth", Zip(("archive/data.pkl", pickle, 0), ("archive/data/0", System.Text.Encoding.UTF8.GetBytes(target), SymbolicLink)));
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileDamaged, "storage '0'"));
    }

    [TestCase("a.npy", "a.npy")]
    [TestCase("b/a.npy", "b\\a.npy")]
    public void TwoMembersOfOneNameAreRefused(string first, string second)
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.npz", Zip((first, Golden.Bytes("f4.npy"), 0), (second, Golden.Bytes("f4.npy"), 0)));
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileDamaged, "two members", first));
    }

    [TestCase("../0")]
    [TestCase("../../secret")]
    [TestCase("/etc/hostname")]
    public void AStorageIsLookedForInTheFileAlone(string key)
    {
        using var scratch = new ScratchFolder();
        scratch.Write("0", new byte[16]);
        scratch.Write("secret", new byte[16]);
        string path = scratch.Write("below/x.pth", new PickleBytes().Raw("}").Text("w").Tensor(key, 4, 0, [4], [1]).Raw("s.").ToTorchZip());
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.FileDamaged, $"lacks storage '{key}'"));
    }

    [Test]
    public void AKerasArchiveIsNamed()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("x.keras", Zip(("config.json", "{}"u8.ToArray(), 0), ("model.weights.h5", Golden.Bytes("keras.h5"), 0)));
        Assert.That(() => Checkpoint.Open(path), Refuses.With(ErrorCode.UnsupportedFormat, "Keras archive", ".weights.h5"));
    }

    private static string[] Files(ScratchFolder scratch) => [.. Directory.GetFileSystemEntries(Path.GetDirectoryName(scratch["x"])!, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static byte[] Zip(params (string Name, byte[] Content, int Attributes)[] members)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content, int attributes) in members)
            {
                ZipArchiveEntry entry = archive.CreateEntry(name, CompressionLevel.NoCompression);
                entry.ExternalAttributes = attributes;
                using Stream member = entry.Open();
                member.Write(content);
            }
        }
        return stream.ToArray();
    }
}

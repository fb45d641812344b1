using System.Text;
using NUnit.Framework;
using VkInception.Tests.House;
using VkInception.Weights;

namespace VkInception.Tests.GraphFiles;

public class PrototxtTests
{
    private const string Sample = """
        # a comment with { braces } and "quotes"
        name: "a" 'b\n' # joined
        layer { name: "x" type: "Convolution" bottom: "p" bottom: 'q'
          convolution_param < num_output: 0x10 pad: 010 stride: 3; bias_term: false, weight: -1.5e-3f big: 1e+2 >
        }
        layers: { type: CONVOLUTION list: [1, 2 , 3] many [ { a: 1 }, < a: 2 > ] empty: [] low: -inf }
        escape: "\x41\102\\\'\t"
        """;

    [Test]
    public void EveryFormOfTheTextFormatIsRead()
    {
        PrototxtMessage root = PrototxtDocument.Parse(Sample).Root;
        PrototxtMessage layer = root.Message("layer")!, parameters = layer.Message("convolution_param")!, v1 = root.Message("layers")!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.Text("name"), Is.EqualTo("ab\n"));
            Assert.That(layer.Line, Is.EqualTo(3));
            Assert.That(layer.Texts("bottom"), Is.EqualTo(new[] { "p", "q" }));
            Assert.That(parameters.Int("num_output"), Is.EqualTo(16));
            Assert.That(parameters.Int("pad"), Is.EqualTo(8));
            Assert.That(parameters.Int("stride"), Is.EqualTo(3));
            Assert.That(parameters.Bool("bias_term"), Is.False);
            Assert.That(parameters.Float("weight"), Is.EqualTo(-1.5e-3f));
            Assert.That(parameters.Float("big"), Is.EqualTo(100f));
            Assert.That(parameters.Int("absent"), Is.Null);
            Assert.That(v1.Text("type"), Is.EqualTo("CONVOLUTION"));
            Assert.That(v1.Ints("list"), Is.EqualTo(new[] { 1, 2, 3 }));
            Assert.That(v1.Messages("many").Select(m => m.Int("a")), Is.EqualTo(new[] { 1, 2 }));
            Assert.That(v1.Has("empty"), Is.False);
            Assert.That(v1.Float("low"), Is.EqualTo(float.NegativeInfinity));
            Assert.That(root.Text("escape"), Is.EqualTo("AB\\'\t"));
        }
    }

    [Test]
    public void ARepeatedSingleFieldHasItsLastValueAndMessagesAreJoined()
    {
        PrototxtMessage root = PrototxtDocument.Parse("a: 1 a: 2 m { x: 1 y: 1 } m { x: 3 }").Root;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(root.Int("a"), Is.EqualTo(2));
            Assert.That(root.Message("m")!.Int("x"), Is.EqualTo(3));
            Assert.That(root.Message("m")!.Int("y"), Is.EqualTo(1));
        }
    }

    [TestCase("a: 1\nb {\n c: ", "net:3:")]
    [TestCase("a: 1\nb {\n c: 1\n", "line 2")]
    [TestCase("a: \"open\nb: 1", "net:1:")]
    [TestCase("a 1", "':' or '{'")]
    [TestCase("}", "a field name")]
    [TestCase("a: \"\\q\"", "escape")]
    [TestCase("a: @", "U+0040")]
    [TestCase("a: [1 2]", "list of 'a'")]
    public void AMistakeIsNamedWithItsLine(string text, string part)
    {
        VkInceptionException e = Assert.Throws<VkInceptionException>(() => PrototxtDocument.Parse(text, "net"))!;
        Assert.That(e.Code, Is.EqualTo(ErrorCode.FileDamaged));
        Assert.That(e.Message, Does.Contain(part).And.StartsWith("net:"));
    }

    [TestCase("n: 99999999999", "n")]
    [TestCase("n: 1.5", "n")]
    [TestCase("n: \"1\"", "n")]
    [TestCase("n { }", "n")]
    public void AValueOfAnotherKindIsNamed(string text, string field)
    {
        PrototxtMessage root = PrototxtDocument.Parse(text, "net").Root;
        Assert.That(() => root.Int("n"), Throws.TypeOf<VkInceptionException>().With.Message.Contains($"'{field}' must be a whole number"));
    }

    [Test]
    public void DeepNestingAndHugeFilesAreRefused()
    {
        string deep = string.Concat(Enumerable.Repeat("a{", 100_000));
        string huge = new(' ', (8 << 20) + 1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => PrototxtDocument.Parse(deep), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.FileRefused));
            Assert.That(() => PrototxtDocument.Parse(huge), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.FileRefused));
        }
    }

    [Test]
    public void DamagedTextNeverRaisesAnotherException()
    {
        byte[] good = Encoding.UTF8.GetBytes(Sample);
        foreach (byte[] bad in Damage.Of(good, 4000, seed: 1))
        {
            string text = Encoding.UTF8.GetString(bad);
            Damage.Survives(() =>
            {
                foreach (PrototxtMessage layer in PrototxtDocument.Parse(text).Root.Messages("layer")) layer.Message("convolution_param")?.Int("pad");
            }, text);
        }
    }

    [TestCase("caffe/bvlc_googlenet/deploy.prototxt", 143)]
    [TestCase("caffe/bvlc_googlenet/train_val.prototxt", 166)]
    [TestCase("caffe/bvlc_alexnet/deploy.prototxt", 24)]
    [TestCase("caffe/squeezenet_v1.0/deploy.prototxt", 66)]
    public void ThePublishedDefinitionsAreRead(string file, int layers)
        => Assert.That(PrototxtDocument.Open(Repository.SharedData(file)).Root.Messages("layer").Count(), Is.EqualTo(layers));
}

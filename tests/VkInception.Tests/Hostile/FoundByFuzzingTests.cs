using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using VkInception.Tests.GraphFiles;
using VkInception.Tests.Weights;
using VkInception.Training;
using VkInception.Tuning;
using VkInception.Weights;

namespace VkInception.Tests.Hostile;

/// <summary>Files that once got through to where they did harm; each was found by <c>tests/VkInception.Fuzz</c> or on the way to it.</summary>
public class FoundByFuzzingTests
{
    private const string Prototxt = """
        name: "tiny" input: "data" input_shape { dim: 1 dim: 1 dim: 2 dim: 2 }
        layer { name: "fc" type: "InnerProduct" bottom: "data" top: "fc" inner_product_param { num_output: 3 } }
        """;

    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-hostile-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void AClassifierWithoutAxesIsAMismatch()
    {
        SafetensorsWriter.Write(PathOf("w.safetensors"), [NamedTensor.FromFloat32("fc.weight", [], new float[1]), NamedTensor.FromFloat32("fc.bias", [3], new float[3])]);
        Assert.That(() => Model.Load(Net(), PathOf("w.safetensors")), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.WeightMismatch).And.Message.Contains("fc.weight"));
    }

    [Test]
    public void AClassWithoutANameIsDamage()
    {
        SafetensorsWriter.Write(PathOf("w.safetensors"), [NamedTensor.FromFloat32("fc.weight", [3, 4], new float[12])], new Dictionary<string, string> { ["classes"] = """["a",null,"c"]""" });
        Assert.That(() => Model.Load(Net(), PathOf("w.safetensors")), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.FileDamaged));
    }

    [Test]
    public void AShapeOfManyOnesIsNotCopiedForEach()
    {
        const int ones = 40_000;
        byte[] shape = [0x0A, .. Varint(ones), .. Enumerable.Repeat((byte)1, ones)];
        byte[] blob = [0x2A, 4, 0, 0, 0x80, 0x3F, 0x3A, .. Varint(shape.Length), .. shape];
        byte[] layer = [0x0A, 1, (byte)'c', 0x12, 11, .. "Convolution"u8, 0x3A, .. Varint(blob.Length), .. blob];
        File.WriteAllBytes(PathOf("x.caffemodel"), [0xA2, 0x06, .. Varint(layer.Length), .. layer]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using Checkpoint model = Checkpoint.Open(PathOf("x.caffemodel"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 20), "once 6.4 GB");
        Assert.That(model.Tensors[0].Shape, Is.EqualTo(new[] { 1, 1, 1, 1 }));

        static byte[] Varint(int value) => value < 128 ? [(byte)value] : [(byte)(value | 128), .. Varint(value >> 7)];
    }

    [TestCase("""{"kind":"run","model":"m","data":"d","classes":["a"],"trainImages":1,"evaluationImages":1,"device":"d","driver":"d","commandLine":"c","seed":7}""", true, TestName = "A run without options")]
    [TestCase("""{"kind":"run","model":"m","data":"d","classes":[null],"trainImages":1,"evaluationImages":1,"device":"d","driver":"d","commandLine":"c","seed":7,"options":{}}""", false, TestName = "A run with a class of no name")]
    [TestCase("""{"kind":"run","model":"m","data":"d","classes":["a"],"trainImages":1,"evaluationImages":1,"device":"d","driver":"d","commandLine":"c","seed":7,"options":{"a":null}}""", false, TestName = "A run with an option of no value")]
    [TestCase("null", false, TestName = "A line that is null")]
    public void ALogDrawsItsReport(string line, bool isKept)
    {
        File.WriteAllText(PathOf(TrainingLog.FileName), line + "\n");
        var own = new RunRecord("own", "d", ["a"], 1, 1, "d", "d", "c", 7);
        using TrainingLog log = TrainingLog.Resume(folder, 5, 1, own);
        Assert.That(log.History.Run!.Model, Is.EqualTo(isKept ? "m" : "own"));
        Assert.That(TrainingReport.Render(new ReportContent(log.History)), Does.Contain("</html>"));
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("nonsense of no kind")]
    public void ALogOfManyLinesThatSayNothingCostsLittle(string line)
    {
        const int lines = 100_000;
        File.WriteAllText(PathOf(TrainingLog.FileName), string.Concat(Enumerable.Repeat(line + "\n", lines)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        using TrainingLog log = TrainingLog.Resume(folder, 5, 1, new RunRecord("own", "d", ["a"], 1, 1, "d", "d", "c", 7));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 20), "once 4 KB a line");
    }

    [TestCase("""{"a":null}""", "nobody made")]
    [TestCase("""{"a":{"kernel":"k","milliseconds":-1,"runnerUp":null,"runnerUpMilliseconds":null,"heuristic":"k","heuristicMilliseconds":1}}""", "nobody made")]
    [TestCase("x\ny", "invalid")]
    [TestCase("null", "holds nothing")]
    public void SealedTuningOfNoSenseIsIgnoredInOneLine(string body, string reason)
    {
        string path = PathOf("tuning.json");
        File.WriteAllText(path, $"vkinception-tuning-1 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}\n{body}");
        Assert.That(new TuningFile(path).Read(out string? problem), Is.Empty);
        Assert.That(problem, Does.Contain(reason).And.Not.Contain("\n"));
    }

    [Test]
    public void ANameOfAMegabyteIsShortInTheMessage()
    {
        string name = new('t', 1 << 20);
        foreach (string text in (string[])[$"{name} x", $"{name}:", $"{name}: [ 1 2 ]"])
            Assert.That(() => PrototxtDocument.Parse(text), Throws.TypeOf<VkInceptionException>().With.Message.Length.LessThan(300));
    }

    [TestCase("step", "-1")]
    [TestCase("epoch", "-2")]
    [TestCase("batchInEpoch", "-1")]
    [TestCase("bestAccuracy", "NaN")]
    [TestCase("lossScaler", """{"scale":-1,"goodSteps":0}""")]
    [TestCase("classes", "[null]")]
    [TestCase("settings", """{"a":null}""")]
    public void ASealedCheckpointThatContradictsItselfIsDamage(string key, string value)
    {
        using var store = new CheckpointStore(folder);
        SaveResult saved = store.Save(Training.States.At(12));
        using (Checkpoint whole = Checkpoint.Open(saved.Path!))
        {
            var metadata = new Dictionary<string, string>(whole.Metadata) { [key] = value };
            SafetensorsWriter.Write(PathOf("spoilt"), whole.Tensors.Where(t => t.Name != SafetensorsWriter.SealName), metadata, seal: true);
        }
        File.Move(PathOf("spoilt"), saved.Path!, overwrite: true);
        Assert.That(() => store.OpenLatest(), Throws.TypeOf<VkInceptionException>().With.Property("Code").EqualTo(ErrorCode.FileDamaged).And.Message.Contains(saved.Path!));
    }

    /// <summary>Numbers whose highest bit is the sign: in a build with overflow checks their reading once ended in an overflow.</summary>
    [Test]
    public void ANegativeNumberIsReadAsOne()
    {
        byte[] tensor = new WireWriter().Varint(2, long.MinValue).Text(8, "t").ToArray();
        File.WriteAllBytes(PathOf("x.onnx"), new WireWriter().Varint(1, 8).Message(7, new WireWriter().Raw(5, tensor)).ToArray());
        Assert.That(() => Checkpoint.Open(PathOf("x.onnx")), Refuses.With(ErrorCode.FileDamaged, "-9223372036854775808, outside 32 bits"));

        PickleBytes pickle = new PickleBytes().Raw("}").Text("w").Global("torch._utils", "_rebuild_tensor_v2").Raw("((").Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Number(4)
            .Raw("tQJ").Raw(BitConverter.GetBytes(-1)).Tuple(2).Tuple(1).Raw(0x89).Global("collections", "OrderedDict").Raw(")RtRs.");
        File.WriteAllBytes(PathOf("x.pth"), pickle.ToTorchZip());
        Assert.That(() => Checkpoint.Open(PathOf("x.pth")), Refuses.With(ErrorCode.FileDamaged, "-1"));
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private string Net()
    {
        File.WriteAllText(PathOf("net.prototxt"), Prototxt);
        return PathOf("net.prototxt");
    }
}

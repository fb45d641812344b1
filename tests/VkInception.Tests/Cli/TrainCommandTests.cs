using System.Text.Json;
using NUnit.Framework;
using VkInception.Tests.Imaging.Datasets;
using VkInception.Tests.Training;
using VkInception.Weights;

namespace VkInception.Tests.Cli;

/// <summary><c>train</c>, <c>evaluate</c> and <c>gradients</c>: words, files, and what is wrong with them.</summary>
public class TrainCommandTests
{
    private TinyTraining tiny = null!;

    [SetUp]
    public void Make() => tiny = new TinyTraining();

    [TearDown]
    public void Remove() => tiny.Dispose();

    [Test]
    public async Task ABatchThatDivergesNamesStepAndLayer()
    {
        const int images = 4, side = 8;
        NpyWriter.Write(tiny.PathOf("x.npy"), [images, 3, side, side], new SeededWeights(1).Uniform("x", images * 3 * side * side));
        byte[] header = [.. System.Text.Encoding.ASCII.GetBytes($"{{'descr': '<i8', 'fortran_order': False, 'shape': ({images},), }}".PadRight(117)), (byte)'\n'];
        File.WriteAllBytes(tiny.PathOf("l.npy"), [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. new byte[images * sizeof(long)]]);

        Invocation train = await Invocation.RunAsync(
            "train", "--model", tiny.PathOf("tiny.prototxt"), "--input", tiny.PathOf("x.npy"), "--labels", tiny.PathOf("l.npy"), "--steps", "40", "--lr", "1000000", "--precision", "fp32", "--quiet");

        Assert.That(train.ExitCode, Is.EqualTo(1));
        Assert.That(train.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(train.Error, Does.Match(@"step [0-9]+: (NaN or infinity first appears in|the weights of) .*(conv1|fc).*try a lower learning rate"));
    }

    [TestCase("train")]
    [TestCase("train", "--data", "x")]
    [TestCase("train", "--input", "x.npy")]
    [TestCase("train", "--input", "x.npy", "--labels", "l.npy")]
    [TestCase("train", "--data", "x", "--out", "y", "--input", "x.npy", "--labels", "l.npy", "--steps", "1")]
    [TestCase("train", "--data", "x", "--out", "y", "--steps", "1")]
    [TestCase("train", "--data", "x", "--out", "y", "--labels", "l.npy")]
    [TestCase("train", "--input", "x.npy", "--labels", "l.npy", "--steps", "1", "--resume")]
    [TestCase("train", "--input", "x.npy", "--labels", "l.npy", "--steps", "1", "--epochs", "2")]
    [TestCase("train", "--input", "x.npy", "--labels", "l.npy", "--steps", "1", "--augment", "none")]
    [TestCase("train", "--data", "x", "--out", "y", "--epochs", "0")]
    [TestCase("train", "--data", "x", "--out", "y", "--batch", "0")]
    [TestCase("train", "--data", "x", "--out", "y", "--lr", "nan")]
    [TestCase("train", "--data", "x", "--out", "y", "--lr", "-1")]
    [TestCase("train", "--data", "x", "--out", "y", "--momentum", "1")]
    [TestCase("train", "--data", "x", "--out", "y", "--ema", "1")]
    [TestCase("train", "--data", "x", "--out", "y", "--seed", "-1")]
    [TestCase("train", "--data", "x", "--out", "y", "--size", "0")]
    [TestCase("train", "--data", "x", "--out", "y", "--size", "8x8x8")]
    [TestCase("train", "--data", "x", "--out", "y", "--augment", "wild")]
    [TestCase("train", "--data", "x", "--out", "y", "--unreadable", "maybe")]
    [TestCase("train", "--data", "x", "--out", "y", "--keep", "0")]
    [TestCase("train", "--data", "x", "--out", "y", "--hold-out", "1")]
    [TestCase("train", "--data", "x", "--out", "")]
    [TestCase("train", "--data", "x", "--out", "y", "--recipe", "googlenet")]
    [TestCase("train", "--data", "x", "--out", "y", "--recipe", "vgg", "--solver", "z")]
    [TestCase("visualize", "x.jpg")]
    [TestCase("visualize", "-o", "x", "--class", "3")]
    [TestCase("visualize", "x.jpg", "-o", "x", "--method", "saliency")]
    [TestCase("evaluate")]
    [TestCase("evaluate", "--weights", "w")]
    [TestCase("evaluate", "--data", "x", "--crops", "3")]
    [TestCase("evaluate", "--data", "x", "--batch", "0")]
    [TestCase("gradients", "googlenet")]
    [TestCase("gradients", "googlenet", "--input", "x.npy", "--labels", "l.npy")]
    [TestCase("gradients", "--input", "x.npy", "--labels", "l.npy", "-o", "g.safetensors")]
    public async Task WrongUsageIsTwo(params string[] arguments)
    {
        Invocation wrong = await Invocation.RunAsync(arguments);

        Assert.That(wrong.ExitCode, Is.EqualTo(2));
        Assert.That(wrong.Output, Is.Empty);
        Assert.That(wrong.ErrorLines[0], Does.StartWith("vkinception: ").And.Not.Contains("System."));
        Assert.That(wrong.ErrorLines[^1], Does.StartWith("See 'vkinception"));
    }

    [Test]
    public async Task WhatIsWrongWithTheDataIsOneLine()
    {
        await Refused(tiny.Train("out", "--data", tiny.PathOf("nowhere")), "no such folder");
        DatasetSamples.ClassFolder(tiny.Folder, "one", 1, 4);
        await Refused(tiny.Train("out", "--data", tiny.PathOf("one")), "only one class");
        DatasetSamples.ClassFolder(tiny.Folder, "empty", 2, 4);
        Directory.CreateDirectory(tiny.PathOf("empty/void"));
        await Refused(tiny.Train("out", "--data", tiny.PathOf("empty")), "void: the class has no images");
        await Refused(tiny.Train("out", "--batch", "25"), "at most 24");
        File.WriteAllText(tiny.PathOf("labels.txt"), "a\nb\n");
        File.WriteAllText(tiny.PathOf("list.txt"), "data/train/class0/000.bmp 0\ndata/train/class1/000.bmp 1\ndata/train/class1/001.bmp 2\n");
        await Refused(tiny.Train("out", "--data", tiny.PathOf("list.txt")), "line 3 has the label '2', which is out of range (0 to 1)");
        Assert.That(tiny.PathOf("out"), Does.Not.Exist, "nothing was begun");
    }

    [TestCase("no such optimizer", "--optimizer", "sdg")]
    [TestCase("momentum", "--optimizer", "adam", "--momentum", "0.9")]
    [TestCase("schedule", "--schedule", "downhill")]
    [TestCase("initializer", "--init", "ones")]
    [TestCase("preset", "--parameter-groups", "ours")]
    [TestCase("no parameter has such a name", "--freeze", "conv9")]
    [TestCase("every parameter is frozen", "--freeze", "*")]
    [TestCase("write PATTERN:lr=NUMBER", "--lr-rule", "conv1*")]
    public async Task WhatIsWrongWithTheRecipeIsOneLine(string message, params string[] words)
        => await Refused(tiny.Train("out", words), message);

    [Test]
    public async Task AnUnreadableImageEndsItOrIsSkipped()
    {
        File.WriteAllText(tiny.PathOf("data/train/class1/damaged.bmp"), "BM, but no more");

        Invocation fails = await Invocation.RunAsync(tiny.Train("out")), skips = await Invocation.RunAsync(tiny.Train("out", "--unreadable", "skip", "--epochs", "1"));
        Assert.That((fails.ExitCode, fails.Output), Is.EqualTo((1, "")));
        Assert.That(fails.ErrorLines, Has.All.Contains("damaged.bmp"));
        Assert.That(skips.ExitCode, Is.Zero, skips.Error);
        Assert.That(skips.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("damaged.bmp"));
        Assert.That(skips.Json.GetProperty("steps").GetInt32(), Is.EqualTo(6));
    }

    [Test]
    public async Task WhatWasTrainedIsEvaluatedTheSame()
    {
        Invocation train = await Invocation.RunAsync(tiny.Train("run", "--epochs", "3"));
        Assert.That(train.ExitCode, Is.Zero, train.Error);
        JsonElement done = train.Json;
        Assert.That((done.GetProperty("steps").GetInt32(), done.GetProperty("epochs").GetInt32(), done.GetProperty("finished").GetBoolean()), Is.EqualTo((18, 3, true)));
        foreach (string file in (string[])["best.safetensors", "final.safetensors", "report.html"]) Assert.That(tiny.PathOf($"run/{file}"), Does.Exist);

        Invocation evaluate = await Invocation.RunAsync("evaluate", "--data", tiny.PathOf("data"), "--model", tiny.PathOf("tiny.prototxt"), "--weights", tiny.PathOf("run/final.safetensors"), "--json", "--quiet");
        Assert.That(evaluate.ExitCode, Is.Zero, evaluate.Error);
        Assert.That(evaluate.Json.GetProperty("images").GetInt32(), Is.EqualTo(6));
        Assert.That(evaluate.Json.GetProperty("top1").GetDouble(), Is.EqualTo(done.GetProperty("top1").GetDouble()));
        Assert.That(evaluate.Json.GetProperty("loss").GetDouble(), Is.EqualTo(done.GetProperty("loss").GetDouble()).Within(1e-6));

        await Refused(tiny.Train("run"), "holds the checkpoints of a run; go on with --resume");
        await Refused(tiny.Train("run", "--resume", "--model", tiny.PathOf("other.prototxt")), "the model is tiny.prototxt, other.prototxt is wanted");
        await Refused(tiny.Train("run", "--resume", "--seed", "4"), "the seed is 0, 4 is wanted");
        await Refused(tiny.Train("fresh", "--from-scratch", "--weights", tiny.PathOf("run/final.safetensors")), "contradict each other");
    }

    [Test]
    public async Task ADamagedNewestCheckpointIsPassedOver()
    {
        Assert.That((await Invocation.RunAsync(tiny.Train("whole", "--epochs", "3"))).ExitCode, Is.Zero);
        Assert.That((await Invocation.RunAsync(tiny.Train("run", "--epochs", "2"))).ExitCode, Is.Zero);
        string newest = tiny.PathOf("run/checkpoint-000000012.safetensors");
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[^40] ^= 1;
        File.WriteAllBytes(newest, bytes);

        Invocation resumed = await Invocation.RunAsync(tiny.Train("run", "--epochs", "3", "--resume"));
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(resumed.ErrorLines, Has.Length.EqualTo(1).And.All.Contains("checkpoint-000000012.safetensors").And.All.Contains("passed over"));
        Assert.That(File.ReadAllBytes(tiny.PathOf("run/final.safetensors")), Is.EqualTo(File.ReadAllBytes(tiny.PathOf("whole/final.safetensors"))));
    }

    [Test]
    public async Task OnAFullDiskARunDoesNotBeginAndLosesNothing()
    {
        using TinyDisk disk = TinyDisk.Mount(tiny.Folder.Path, 512);
        string output = Path.Combine(disk.Path, "run"), checkpoint = Path.Combine(output, "checkpoint-000000006.safetensors");
        Assert.That((await Invocation.RunAsync(tiny.Train(output, "--epochs", "1"))).ExitCode, Is.Zero);
        byte[] good = File.ReadAllBytes(checkpoint);
        disk.Fill();

        await Refused(tiny.Train(output, "--epochs", "2", "--resume"), "make room there");
        Assert.That(File.ReadAllBytes(checkpoint), Is.EqualTo(good));

        disk.Empty();
        Invocation resumed = await Invocation.RunAsync(tiny.Train(output, "--epochs", "2", "--resume"));
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That(resumed.Json.GetProperty("steps").GetInt32(), Is.EqualTo(12));
    }

    [Test]
    public async Task OneBatchFromRawTensors()
    {
        string x = tiny.PathOf("x.npy"), labels = tiny.PathOf("l.npy"), weights = tiny.PathOf("w.safetensors"), model = tiny.PathOf("tiny.prototxt"), gradients = tiny.PathOf("g.safetensors");
        NpyWriter.Write(x, [2, 3, 8, 8], new SeededWeights(1).Uniform("x", 2 * 192));
        NpyWriter.Write(labels, [2], new long[] { 2, 0 });
        using (Model loaded = Model.Load(model))
            SafetensorsWriter.Write(weights, loaded.Network().Parameters.Select(p => NamedTensor.FromFloat32(p.Name, p.Shape.Dims, new SeededWeights(2).Read(p))));

        Invocation found = await Invocation.RunAsync("gradients", model, "--weights", weights, "--input", x, "--labels", labels, "-o", gradients, "--json");
        Assert.That(found.ExitCode, Is.Zero, found.Error);
        double loss = found.Json.GetProperty("loss").GetDouble();
        using (Checkpoint file = Checkpoint.Open(gradients))
            Assert.That(file.Tensors.Select(t => t.Name), Is.EquivalentTo(new[] { "loss", "conv1.weight", "conv1.bias", "fc.weight", "fc.bias" }));

        Invocation train = await Invocation.RunAsync("train", "--model", model, "--weights", weights, "--input", x, "--labels", labels, "--steps", "3", "--lr", "0.01", "--no-dropout", "--json");
        Assert.That(train.ExitCode, Is.Zero, train.Error);
        double[] losses = [.. train.Json.GetProperty("losses").EnumerateArray().Select(l => l.GetDouble())];
        Assert.That(losses, Has.Length.EqualTo(3).And.Ordered.Descending);
        Assert.That(losses[0], Is.EqualTo(loss).Within(1e-6));

        // Double precision where the device has it; either is said, and single is had by asking.
        bool doubles = found.Json.GetProperty("precision").GetString() == "fp64";
        Assert.That(found.ErrorLines, Has.Length.EqualTo(1).And.All.Contains(doubles ? "computed in double precision" : "has no double precision"));
        Assert.That(train.Json.GetProperty("precision").GetString(), Is.EqualTo(doubles ? "fp64" : "fp32"));
        Invocation single = await Invocation.RunAsync("gradients", model, "--weights", weights, "--input", x, "--labels", labels, "-o", gradients, "--json", "--precision", "fp32");
        Assert.That((single.Json.GetProperty("precision").GetString(), single.ErrorLines.Length), Is.EqualTo(("fp32", 0)));
        Assert.That(single.Json.GetProperty("loss").GetDouble(), Is.EqualTo(loss).Within(1e-5));
        await Refused(["train", "--data", tiny.PathOf("data"), "--model", model, "--out", tiny.PathOf("out64"), "--precision", "fp64"], "--precision fp64 is for gradients and for train on one batch");

        NpyWriter.Write(labels, [2], new long[] { 3, 0 });
        await Refused(["gradients", model, "--weights", weights, "--input", x, "--labels", labels, "-o", gradients], "label 3 of a batch is outside 0 to 2");
        NpyWriter.Write(labels, [3], new long[] { 1, 0, 1 });
        await Refused(["gradients", model, "--weights", weights, "--input", x, "--labels", labels, "-o", gradients], "holds 2 images");
        await Refused(["gradients", model, "--weights", weights, "--input", x, "--labels", labels, "-o", x], "name another file");
        await Refused(["gradients", model, "--input", x, "--labels", labels, "-o", gradients], "without weights");
    }

    private static async Task Refused(string[] arguments, string message)
    {
        Invocation refused = await Invocation.RunAsync(arguments);
        Assert.That((refused.ExitCode, refused.Output), Is.EqualTo((1, "")), refused.Error);
        Assert.That(refused.ErrorLines, Has.Length.EqualTo(1).And.All.StartsWith("vkinception: ").And.All.Contains(message));
        Assert.That(refused.Error, Does.Not.Contain("internal error"));
    }
}

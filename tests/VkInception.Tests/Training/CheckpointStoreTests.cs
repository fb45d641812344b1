using NUnit.Framework;
using VkInception.Tests.Weights;
using VkInception.Training;
using VkInception.Weights;

namespace VkInception.Tests.Training;

public class CheckpointStoreTests
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-store-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    private string PathOf(string name) => Path.Combine(folder, name);

    private string[] Names() => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!).Where(name => name != "run.lock").Order(StringComparer.Ordinal)];

    [Test]
    public void AStateComesBackBitForBit()
    {
        TrainingState saved = States.At(123);
        using var store = new CheckpointStore(folder);
        SaveResult result = store.Save(saved);
        LatestCheckpoint latest = store.OpenLatest(States.Identity);

        using ResumePoint point = latest.Point!;
        TrainingState read = point.State;
        Assert.Multiple(() =>
        {
            Assert.That(result, Is.EqualTo(new SaveResult(PathOf("checkpoint-000000123.safetensors"), null)));
            Assert.That(latest.Skipped, Is.Empty);
            Assert.That((read.Step, read.Epoch, read.BatchInEpoch), Is.EqualTo((123L, 12, 3)));
            Assert.That(read.Progress, Is.EqualTo(saved.Progress));
            Assert.That(read.BestAccuracy, Is.EqualTo(saved.BestAccuracy));
            Assert.That(read.LossScaler, Is.EqualTo(saved.LossScaler));
            Assert.That(read.Extra, Is.EqualTo(saved.Extra));
            Assert.That(read.Identity.DifferencesTo(States.Identity), Is.Empty);
            Assert.That(read.Identity.Input.Mean, Is.EqualTo(ImageInput.Torchvision.Mean));
            Assert.That(States.Bits(Named(read.Weights, "conv1/7x7_s2.weight")), Is.EqualTo(States.Awkward.Select(BitConverter.SingleToUInt32Bits)));
            Assert.That(States.Bits(Named(read.Optimizer["momentum"], "conv1/7x7_s2.weight")), Is.EqualTo(States.Awkward.Select(BitConverter.SingleToUInt32Bits)));
            Assert.That(Named(read.Optimizer["momentum"], "steps").ToInt64(), Is.EqualTo(new[] { 123L }));
            Assert.That(Named(read.Ema, "conv1/7x7_s2.bias").ToFloat32(), Is.EqualTo(new[] { 246f }));
        });
    }

    [Test]
    public void TheLastFewStay()
    {
        using var store = new CheckpointStore(folder, keepLast: 2);
        foreach (long step in (long[])[5, 10, 15, 1_000_000_000])
            Assert.That(store.Save(States.At(step)).Problem, Is.Null);

        Assert.That(Names(), Is.EqualTo(new[] { "checkpoint-000000015.safetensors", "checkpoint-1000000000.safetensors" }));
        Assert.That(store.Steps, Is.EqualTo(new[] { 15L, 1_000_000_000 }));
    }

    [Test]
    public void WhatIsLaterThanTheStepSavedCrowdsNothingOut()
    {
        using var store = new CheckpointStore(folder, keepLast: 1);
        store.Save(States.At(200));
        store.Save(States.At(100));

        Assert.That(store.Steps, Is.EqualTo(new[] { 100L, 200 }));
    }

    [Test]
    public void TheBestWeightsLoadUnderTheModelsNamesAveragedWhereThereIsAnAverage()
    {
        using var store = new CheckpointStore(folder);
        Assert.That(store.SaveBest(States.At(7)).Saved && store.SaveFinal(States.At(8)).Saved);

        using Checkpoint best = Checkpoint.Open(PathOf(CheckpointStore.BestName));
        Assert.Multiple(() =>
        {
            Assert.That(best.Tensors.Select(t => t.Name), Is.EquivalentTo(new[] { "conv1/7x7_s2.weight", "conv1/7x7_s2.bias" }));
            Assert.That(best.Tensors.Single(t => t.Name.EndsWith("bias", StringComparison.Ordinal)).ToFloat32(), Is.EqualTo(new[] { 14f }));
            Assert.That(best.Metadata["model"], Is.EqualTo("googlenet"));
            Assert.That(System.Text.Json.JsonSerializer.Deserialize<string[]>(best.Metadata["classes"]), Is.EqualTo(States.Identity.Classes));
            Assert.That(best.Metadata["averaged"], Is.EqualTo("true"));
            Assert.That(store.Steps, Is.Empty);
            Assert.That(File.Exists(PathOf("final.safetensors")));
        });
    }

    [Test]
    public void EveryTruncationFallsBackToTheOneBefore() => EachDamageFallsBack(sound => Enumerable.Range(0, sound.Length).Select(length => sound[..length]));

    [Test]
    public void AFlippedBitInAnyByteFallsBackToTheOneBefore() => EachDamageFallsBack(sound => Enumerable.Range(0, sound.Length).Select(at =>
    {
        byte[] flipped = [.. sound];
        flipped[at] ^= (byte)(1 << (at % 8));
        return flipped;
    }));

    [Test]
    public void BytesBehindTheEndFallBackToo() => EachDamageFallsBack(sound => [[.. sound, 0], [.. sound, .. sound]]);

    private void EachDamageFallsBack(Func<byte[], IEnumerable<byte[]>> damages)
    {
        using var store = new CheckpointStore(folder);
        store.Save(States.At(1));
        store.Save(States.At(2));
        string newest = PathOf("checkpoint-000000002.safetensors");
        foreach (byte[] damaged in damages(File.ReadAllBytes(newest)))
        {
            File.WriteAllBytes(newest, damaged);
            LatestCheckpoint latest = store.OpenLatest(States.Identity);
            using ResumePoint? point = latest.Point;
            if (point?.State.Step != 1 || latest.Skipped.Count != 1 || !latest.Skipped[0].StartsWith(newest, StringComparison.Ordinal) || latest.Skipped[0].Contains('\n', StringComparison.Ordinal))
                Assert.Fail($"{damaged.Length} bytes: step {point?.State.Step}, {string.Join(" | ", latest.Skipped)}");
            Assert.That(File.Exists(newest), Is.False, "a damaged file is set aside");
        }
    }

    [Test]
    public void WhereAllAreDamagedNothingIsFoundAndEachIsNamed()
    {
        using var store = new CheckpointStore(folder);
        File.WriteAllText(PathOf("checkpoint-000000001.safetensors"), "");
        File.WriteAllText(PathOf("checkpoint-000000002.safetensors"), "PK nonsense");
        SafetensorsWriter.Write(PathOf("checkpoint-000000003.safetensors"), [States.Row("a", 1)]);

        LatestCheckpoint latest = store.OpenLatest();
        Assert.That(latest.Point, Is.Null);
        Assert.That(latest.Skipped, Has.Count.EqualTo(3));
        Assert.That(latest.Skipped[0], Does.Contain("has no checksum").And.EndsWith("kept as checkpoint-000000003.safetensors.damaged"));
        Assert.That(store.Steps, Is.Empty);
    }

    [Test]
    public void ASealedFileThatIsNoTrainingCheckpointIsRefusedNotSkipped()
    {
        using var store = new CheckpointStore(folder);
        SafetensorsWriter.Write(PathOf("checkpoint-000000003.safetensors"), [States.Row("a", 1)], seal: true);
        Assert.That(() => store.OpenLatest(), Refuses.With(ErrorCode.UnsupportedFormat, "no training checkpoint"));

        SafetensorsWriter.Write(PathOf("checkpoint-000000003.safetensors"), [], new Dictionary<string, string> { ["format"] = "vkinception-training", ["formatVersion"] = "2" }, seal: true);
        Assert.That(() => store.OpenLatest(), Refuses.With(ErrorCode.UnsupportedFormat, "training format 2"));

        SafetensorsWriter.Write(PathOf("checkpoint-000000003.safetensors"), [], new Dictionary<string, string> { ["format"] = "vkinception-training", ["formatVersion"] = "1" }, seal: true);
        Assert.That(() => store.OpenLatest(), Refuses.With(ErrorCode.FileDamaged, "metadata"));
    }

    [Test]
    public void AnotherRunIsRefusedWithEverythingThatDiffers()
    {
        using var store = new CheckpointStore(folder);
        store.Save(States.At(1));
        RunIdentity other = States.Identity with
        {
            Model = "vgg16",
            Classes = ["cat", "dog"],
            Optimizer = "adam",
            OptimizerOptions = new Dictionary<string, string> { ["beta1"] = "0.9", ["weightDecay"] = "0.1" },
            Schedule = "cosine",
            Seed = 1,
            DataFingerprint = "def",
            Input = ImageInput.Bvlc,
            Settings = new Dictionary<string, string> { ["batch"] = "64" },
        };

        Assert.That(() => store.OpenLatest(other), Refuses.With(
            ErrorCode.WeightMismatch, "checkpoint-000000001.safetensors", "the model is googlenet, vgg16 is wanted", "class 1 is 'dög \" <b>', 'dog' is wanted",
            "the optimizer is sgd, adam is wanted", "momentum is 0.9, none is wanted", "beta1 is absent, 0.9 is wanted", "weightDecay is 0.0002, 0.1 is wanted",
            "schedule", "the seed is 18446744073709551615, 1 is wanted", "fingerprint", "image input", "batch is 32, 64 is wanted"));
        Assert.That(() => store.OpenLatest(States.Identity with { Classes = ["cat"] }), Refuses.With(ErrorCode.WeightMismatch, "it has 2 classes, 1 are wanted"));
        Assert.That(store.Steps, Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public void ASecondRunIsKeptOutAndTheFirstOnesEndLetsItIn()
    {
        using (new CheckpointStore(folder))
            Assert.That(() => new CheckpointStore(folder), Refuses.With(ErrorCode.InputOutput, folder, "another training run"));
        Assert.That(() => new CheckpointStore(folder).Dispose(), Throws.Nothing);
    }

    [Test]
    public void WhatAKilledRunLeftHalfWrittenIsCleared()
    {
        string stale = PathOf($".{Guid.NewGuid():N}.tmp");
        File.WriteAllText(stale, "half");
        File.WriteAllText(PathOf(".mine.tmp"), "not ours");
        new CheckpointStore(folder).Dispose();

        Assert.That(Names(), Is.EqualTo(new[] { ".mine.tmp" }));
    }

    [Test]
    public void AFailedSaveLeavesTheOldFileAndNoTemporary()
    {
        using var store = new CheckpointStore(folder);
        store.Save(States.At(1));
        byte[] before = File.ReadAllBytes(PathOf("checkpoint-000000001.safetensors"));
        TrainingState failing = States.At(1) with { Ema = [new NamedTensor("late", ElementType.Float32, [1 << 16], () => new FailingStream(1 << 17))] };

        SaveResult result = store.Save(failing);
        Assert.Multiple(() =>
        {
            Assert.That(result.Saved, Is.False);
            Assert.That(result.Problem, Does.Contain("checkpoint-000000001.safetensors").And.Contain("no space in this test").And.Not.Contain("\n"));
            Assert.That(Names(), Is.EqualTo(new[] { "checkpoint-000000001.safetensors" }));
            Assert.That(File.ReadAllBytes(PathOf("checkpoint-000000001.safetensors")), Is.EqualTo(before));
        });
    }

    [Test]
    public void AFullDiskLeavesTheLastGoodFile()
    {
        using TinyDisk disk = TinyDisk.Mount(folder, kilobytes: 128);
        using var store = new CheckpointStore(disk.Path);
        Assert.That(store.Save(States.At(1)).Saved);

        SaveResult result = store.Save(States.At(2, new float[1 << 16]));
        LatestCheckpoint latest = store.OpenLatest(States.Identity);
        using ResumePoint? point = latest.Point;
        Assert.Multiple(() =>
        {
            Assert.That(result.Problem, Does.Contain("No space left"));
            Assert.That(Directory.GetFiles(disk.Path).Select(Path.GetFileName), Is.EquivalentTo(new[] { "checkpoint-000000001.safetensors", "run.lock" }));
            Assert.That(point?.State.Step, Is.EqualTo(1));
            Assert.That(latest.Skipped, Is.Empty);
            Assert.That(store.Save(States.At(3)).Saved, "there is room for a small one again");
        });
    }

    [Test]
    public void UnusableArgumentsAreRefused()
    {
        File.WriteAllText(PathOf("file"), "");
        Assert.That(() => new CheckpointStore(folder, keepLast: 0), Refuses.With(ErrorCode.InvalidArgument, "at least 1"));
        Assert.That(() => new CheckpointStore(PathOf("file")), Refuses.With(ErrorCode.InputOutput, "cannot be used for a run"));
        using var store = new CheckpointStore(folder);
        TrainingState slash = States.At(1) with { Optimizer = new Dictionary<string, IReadOnlyList<NamedTensor>> { ["a/b"] = [] } };
        Assert.That(() => store.Save(slash), Refuses.With(ErrorCode.InvalidArgument, "a/b"));
    }

    [Test]
    public void ClearingRemovesCheckpointsOnly()
    {
        using var store = new CheckpointStore(folder);
        store.Save(States.At(1));
        store.SaveBest(States.At(1));
        store.Clear();

        Assert.That(Names(), Is.EqualTo(new[] { "best.safetensors" }));
    }

    private static NamedTensor Named(IEnumerable<NamedTensor> tensors, string name) => tensors.Single(t => t.Name == name);
}

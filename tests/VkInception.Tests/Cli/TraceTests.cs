using System.Text.Json;
using NUnit.Framework;
using VkInception.Cli;

namespace VkInception.Tests.Cli;

/// <summary>The file behind <c>--profile</c>.</summary>
public class TraceTests
{
    private string file = "";

    [SetUp]
    public void CreateFile() => file = Path.GetTempFileName();

    [TearDown]
    public void DeleteFile() => File.Delete(file);

    [Test]
    public void KernelsFollowOneAnotherInMicroseconds()
    {
        Trace.Write(file, "device", [("a", 1.5), ("b", 0.25)]);

        JsonElement[] events = [.. JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.That(events.Select(e => e.GetProperty("ph").GetString()), Is.All.EqualTo("X"));
        Assert.That(events.Select(e => e.GetProperty("ts").GetDouble()), Is.EqualTo(new[] { 0, 1500.0 }));
        Assert.That(events.Select(e => e.GetProperty("dur").GetDouble()), Is.EqualTo(new[] { 1500.0, 250.0 }));
    }

    [Test]
    public void ATraceIsWrittenOverAndAPhotoIsNot()
    {
        Trace.Write(file, "device", [("a", 1)]);
        Assert.That(() => Trace.RefuseOtherFiles(file), Throws.Nothing);

        File.WriteAllText(file, "a photo, say");
        Assert.That(() => Trace.RefuseOtherFiles(file), Throws.TypeOf<VkInceptionException>().With.Message.Contains("name another file"));
        Assert.That(() => Trace.RefuseOtherFiles(file + ".new"), Throws.Nothing);
    }
}

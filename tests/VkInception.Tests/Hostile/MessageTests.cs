using NUnit.Framework;

namespace VkInception.Tests.Hostile;

/// <summary>A message is one line that steers no terminal, whatever a file or a path brought into it.</summary>
public class MessageTests
{
    [TestCase("a\nb\r\nc", "a b c")]
    [TestCase("a\u2028b\u2029c\u0085d", "a b c d")]
    [TestCase("\u001b[31mred\u0000", "?[31mred?")]
    [TestCase("gpj.\u202Eexe\u2066", "gpj.?exe?")]
    [TestCase("Grüße: 224×224, 猫", "Grüße: 224×224, 猫")]
    [TestCase("", "")]
    public void AMessageIsOneLine(string said, string line)
        => Assert.That(new VkInceptionException(ErrorCode.FileDamaged, said).Message, Is.EqualTo(line));

    [Test]
    public void AMessageEnds()
    {
        string line = new VkInceptionException(ErrorCode.FileDamaged, new string('x', 1 << 20)).Message;
        Assert.That(line, Has.Length.EqualTo(4000).And.EndsWith("…"));
    }
}

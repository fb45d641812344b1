using NUnit.Framework;
using VkInception.Cli;

namespace VkInception.Tests.Cli;

/// <summary>What is said, and to whom.</summary>
public class TerminalTests
{
    [Test]
    public void APipeGetsAlignedColumnsWithoutLines()
    {
        var table = new TextTable("name", ">count");
        table.Add("a", "1");
        table.Add("longer", "1,000");
        using var output = new StringWriter { NewLine = "\n" };

        table.WritePlain(output);

        Assert.That(output.ToString(), Is.EqualTo("name    count\na           1\nlonger  1,000\n"));
    }

    [Test]
    public void ATerminalGetsADrawnTableWithItsWordsUnharmed()
    {
        var table = new TextTable("name");
        table.Add("[bold] is a name");
        using var output = new StringWriter();

        new Terminal(new OutputStreams(output, TextWriter.Null, true, true), json: false, quiet: false).Table(table);

        Assert.That(output.ToString(), Does.Contain("[bold] is a name").And.Contain("│"));
    }

    [Test]
    public void QuietSilencesRemarksAndKeepsWarnings()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(new OutputStreams(TextWriter.Null, error, false, false), json: false, quiet: true);

        terminal.Remark("by the way");
        terminal.Warn("look out");

        Assert.That(error.ToString(), Is.EqualTo("vkinception: look out\n"));
    }

    [Test]
    public void ProgressStaysSilentInTheFirstTwoSecondsAndWherNobodyWatches()
    {
        using var error = new StringWriter();

        using (var progress = new ProgressLine(error, "reading"))
            progress.Step(1, 2);

        Assert.That(error.ToString(), Is.Empty);
    }

    [Test]
    public void ANarrowTerminalGetsAParagraphARow()
    {
        var table = new TextTable("name", ">count", "remark");
        table.Add("first", "1", "");
        table.Add("second", "2", "more");
        using var output = new StringWriter { NewLine = "\n" };

        table.WriteParagraphs(output);

        Assert.That(output.ToString(), Is.EqualTo("first\n  count: 1\nsecond\n  count: 2\n  remark: more\n"));
        Assert.That(table.DrawnWidth, Is.EqualTo("│ second │ count │ remark │".Length));
    }

    [Test]
    public void ControlCharactersOfFilesAreNotPassedOn()
    {
        var table = new TextTable("name");
        table.Add("a\u001b[2Jb\nc");
        using var output = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(new OutputStreams(output, TextWriter.Null, false, false), json: false, quiet: false);

        terminal.Table(table);
        terminal.Line("x\ry");

        Assert.That(output.ToString(), Is.EqualTo("name\na?[2Jb?c\nx?y\n"));
    }
}

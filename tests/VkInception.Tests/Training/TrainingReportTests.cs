using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using VkInception.Training;

namespace VkInception.Tests.Training;

public partial class TrainingReportTests
{
    private const string Hostile = "<script>alert(1)</script>\" onerror=\"x' &amp; \u0000\u202e\ud800 http://example.org/x.js";

    private static RunHistory History(int epochs, int stepsPerEpoch = 10, IReadOnlyList<string>? classes = null)
    {
        var history = new RunHistory();
        history.Add(Records.Run with { Classes = classes ?? Records.Run.Classes });
        for (int step = 1; step <= Math.Max(1, epochs) * stepsPerEpoch; step++)
        {
            history.Add(Records.Step(step));
            if (epochs > 0 && step % stepsPerEpoch == 0)
                history.Add(Records.Epoch(step / stepsPerEpoch) with { Step = step, Top1 = 1 - (1.0 / (1 + (step / stepsPerEpoch))) });
        }
        return history;
    }

    private static ConfusionMatrix Confusion(int classes)
    {
        var matrix = new ConfusionMatrix(classes);
        for (int c = 0; c < classes; c++)
        {
            for (int i = 0; i < 3; i++)
                matrix.Add(c, c);
            matrix.Add(c, (c + 1) % classes);
        }
        return matrix;
    }

    private static ReportContent Content(int classes, int epochs, string? name = null)
    {
        string[] names = [.. Enumerable.Range(0, classes).Select(c => name ?? $"class {c}")];
        return new ReportContent(History(epochs, classes: names))
        {
            PlannedEpochs = 90,
            Status = name ?? "running",
            Confusion = epochs > 0 ? Confusion(classes) : null,
            Filters = Picture.Of(1, 1, [7]),
            FilterLayer = name ?? "conv1",
            Mistakes = [new Mistake(name ?? "a/b.png", 0, classes - 1, 0.987, Picture.Of(2, 1, [1, 2])), new Mistake("far.png", 9999, -1, double.NaN, null)],
        };
    }

    /// <summary>Found by the fuzzer: the axis of percentages began at 1.5e19 and was to end at 100.</summary>
    [Test]
    public void ADamagedLogsNumbersHaveAxesToo([Values(1.5e17, -1.5e17, 1e300, -1e300, 1e308, -1e308)] double value, [Values] bool alone)
    {
        var history = new RunHistory();
        history.Add(Records.Run);
        if (!alone) history.Add(Records.Step(1));
        history.Add(Records.Step(2) with { Accuracy = value, Loss = value, ImagesPerSecond = value, LearningRate = value });
        foreach (Chart chart in new RunCurves(history).Charts())
            Assert.That(chart.Y.Ticks, Has.Count.InRange(2, 14).And.Ordered.And.All.Matches<double>(double.IsFinite), chart.Title);
        AssertBalanced(TrainingReport.Render(new ReportContent(history)));
    }

    [Test]
    public void ThePageIsWellFormedAtAnySize([Values(2, 10, 20, 21, 1000)] int classes, [Values(0, 1, 90)] int epochs)
    {
        string page = TrainingReport.Render(Content(classes, epochs));
        AssertBalanced(page);
        Assert.That(page.Contains("Confusion matrix", StringComparison.Ordinal), Is.EqualTo(epochs > 0 && classes <= 20));
        Assert.That(page.Contains("Most frequent confusions", StringComparison.Ordinal), Is.EqualTo(epochs > 0 && classes > 20));
    }

    [Test]
    public void HostileNamesStayText()
    {
        ReportContent content = Content(3, 2, Hostile);
        content.History.Add(new NoticeRecord(3, Hostile));
        var run = new RunHistory();
        run.Add(Records.Run with { Model = Hostile, Data = Hostile, Classes = [Hostile, Hostile, Hostile], Device = Hostile, Driver = Hostile, CommandLine = Hostile, Options = new Dictionary<string, string> { [Hostile] = Hostile } });
        foreach (ReportContent page in (ReportContent[])[content, content with { History = run }, Content(30, 2, Hostile)])
        {
            string html = TrainingReport.Render(page);
            AssertBalanced(html);
            Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("\" onerror"));
            Assert.That(html.Contains('\0', StringComparison.Ordinal), Is.False);
            Assert.That(html, Does.Contain("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onerror=&quot;x&#39; &amp;amp; \ufffd"));
            AssertSelfContained(html);
        }
    }

    [Test]
    public void EndlessNamesAreCut() =>
        Assert.That(TrainingReport.Render(Content(2, 1, new string('x', 1_000_000))), Has.Length.LessThan(60_000));

    [Test]
    public void TheCultureDoesNotMatter()
    {
        string here = TrainingReport.Render(Content(10, 3));
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.That(TrainingReport.Render(Content(10, 3)), Is.EqualTo(here));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void TheHeadlineTellsTheRun()
    {
        string page = TrainingReport.Render(Content(10, 3));
        foreach (string part in (string[])["googlenet", "3 of 90 epochs · running", ">75.0\u00a0%</b><span>best top-1, epoch 3<", "100 to train on, 20 to evaluate on", "llvmpipe", "Mesa 25", "train --data data", "2025-03-01 12:00:00 UTC", "3 min 0 s"])
            Assert.That(page, Does.Contain(part));
    }

    [Test]
    public void PointsLieWhereTheirValuesSay()
    {
        var history = new RunHistory();
        history.Add(Records.Run);
        // Evaluation losses 1 and 3 at epochs 1 and 2 of 2: the y axis runs from 0 to 3, the x axis from 0 to 2.
        history.Add(new EpochRecord(1, 50, 2, 0.5, 0.1, 100, 1, 1.0, 0.5));
        history.Add(new EpochRecord(2, 100, 0, 0.6, 0.1, 100, 1, 3.0, 0.6));
        Chart loss = new RunCurves(history).Charts().First();
        var html = new HtmlWriter();
        loss.Write(html);

        double middle = (Chart.Left + Chart.Right) / 2, third = Chart.Bottom - ((Chart.Bottom - Chart.Top) / 3);
        string expected = string.Create(CultureInfo.InvariantCulture, $"d=\"M{middle:0.#} {third:0.#}L{Chart.Right:0.#} {Chart.Top:0.#}\"");
        Assert.That(loss.Curves[1].Name, Is.EqualTo("evaluation"));
        Assert.That(html.ToString(), Does.Contain($"class=\"line s2\" {expected}"));
        Assert.That(html.ToString(), Does.Contain($"cx=\"{middle:0.#}\" cy=\"{third.ToString("0.#", CultureInfo.InvariantCulture)}\" r=\"3.2\"><title>evaluation 1 at epoch 1</title>"));
        Assert.That(html.ToString(), Does.Contain("aria-label=\"Loss: training 0 at epoch 2; evaluation 3 at epoch 2\""));
    }

    [Test]
    public void StepsLieAlongTheEpochs()
    {
        Chart loss = new RunCurves(History(epochs: 4, stepsPerEpoch: 25)).Charts().First();

        Assert.That((loss.XLabel, loss.X.High), Is.EqualTo(("epoch", 4.0)));
        Assert.That(loss.Curves[0].Points, Has.Count.EqualTo(100));
        Assert.That(loss.Curves[0].Points[24], Is.EqualTo(new CurvePoint(1, 1f / 25)));
        Assert.That(new RunCurves(History(epochs: 0)).Charts().First(), Has.Property("XLabel").EqualTo("step"));
    }

    [Test]
    public void RatesThatFallByFactorsStandOnPowersOfTen()
    {
        var steps = new RunHistory();
        var cosine = new RunHistory();
        for (int i = 1; i <= 300; i++)
        {
            steps.Add(new StepRecord(i, 1, 1, 0, Math.Pow(10, -1 - ((i - 1) / 100)), 1));
            cosine.Add(new StepRecord(i, 1, 1, 0, 0.05 * (1 + Math.Cos(Math.PI * i / 301)), 1));
        }
        Axis Rate(RunHistory history) => new RunCurves(history).Charts().Single(c => c.Title == "Learning rate").Y;

        Assert.That(Rate(steps).Ticks, Is.EqualTo(new[] { 0.001, 0.01, 0.1 }).Within(1e-9));
        Assert.That(Rate(cosine).Low, Is.Zero);
    }

    [Test]
    public void NumbersThatAreNoneInterruptACurveAndBreakNothing()
    {
        var history = new RunHistory();
        double[] losses = [1, double.NaN, 2, double.PositiveInfinity, 3, 1e300, -1e300];
        for (int i = 0; i < losses.Length; i++)
            history.Add(new StepRecord(i + 1, 1, losses[i], double.NaN, -1, double.NegativeInfinity));
        history.Add(new EpochRecord(1, 7, double.NaN, double.NaN, 0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN));
        string page = TrainingReport.Render(new ReportContent(history));

        AssertBalanced(page);
        Assert.That(SvgNumbers().Matches(page).Select(m => m.Value), Has.None.Contains("NaN").And.None.Contains("Infinity").And.None.Contains("E+"));
    }

    [Test]
    public void AnEmptyRunHasAPage() => AssertBalanced(TrainingReport.Render(new ReportContent(new RunHistory())));

    [Test]
    public void ConfusionsAreCounted()
    {
        var matrix = new ConfusionMatrix(3);
        foreach ((int label, int predicted) in (ReadOnlySpan<(int, int)>)[(0, 0), (0, 1), (0, 1), (1, 1), (2, 0), (2, 1), (2, 1), (2, 1)])
            matrix.Add(label, predicted);

        Assert.That(matrix.TopConfusions(2), Is.EqualTo(new[] { (2, 1, 3), (0, 1, 2) }));
        Assert.That(matrix.TopConfusions(9), Has.Count.EqualTo(3));
        Assert.That(Enumerable.Range(0, 3).Select(c => matrix.AccuracyOf(c)), Is.EqualTo(new double?[] { 1.0 / 3, 1, 0 }));
        Assert.That(new ConfusionMatrix(2, [1, 2, 3, 4])[1, 0], Is.EqualTo(3));
        Assert.That(() => new ConfusionMatrix(2, [1]), Weights.Refuses.With(ErrorCode.InvalidArgument, "1 counts"));
        Assert.That(new ConfusionMatrix(2).AccuracyOf(0), Is.Null);
        Assert.That(() => matrix.Add(3, 0), Weights.Refuses.With(ErrorCode.InvalidArgument, "3 classes"));
        Assert.That(() => matrix.Add(0, -1), Weights.Refuses.With(ErrorCode.InvalidArgument));
        Assert.That(() => new ConfusionMatrix(100_000), Weights.Refuses.With(ErrorCode.InvalidArgument));
    }

    [Test]
    public void AFullDiskLeavesTheLastReport()
    {
        string folder = Directory.CreateTempSubdirectory("vkinception-report-").FullName;
        try
        {
            using TinyDisk disk = TinyDisk.Mount(folder, kilobytes: 64);
            SaveResult first = TrainingReport.Write(disk.Path, Content(2, 1));
            string before = File.ReadAllText(first.Path!);
            SaveResult second = TrainingReport.Write(disk.Path, Content(1000, 90));

            Assert.That(second.Problem, Does.Contain("No space left"));
            Assert.That(Directory.GetFiles(disk.Path), Has.Length.EqualTo(1));
            Assert.That(File.ReadAllText(first.Path!), Is.EqualTo(before));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertSelfContained(string html)
    {
        Assert.That(Sources().Matches(html).Select(m => m.Groups[1].Value), Is.All.StartsWith("data:image/png;base64,").And.Not.Empty);
        Assert.That(html, Does.Not.Contain("href=").And.Not.Contain("url(").And.Not.Contain("@import").And.Not.Contain("<link").And.Not.Contain("<iframe"));
        // Text may look like an address; nothing else may.
        Assert.That(Markup().Matches(html).Select(m => m.Value).Where(tag => tag.Contains("//", StringComparison.Ordinal) && !WithText().IsMatch(tag)), Is.Empty);
    }

    /// <summary>Every tag that is opened is closed in turn, as XML has it.</summary>
    private static void AssertBalanced(string html)
    {
        string[] empty = ["meta", "img", "path", "!DOCTYPE"];
        var open = new Stack<string>();
        foreach (Match tag in Markup().Matches(html))
        {
            string name = tag.Groups[2].Value;
            if (empty.Contains(name))
                continue;
            if (tag.Groups[1].Length == 0)
                open.Push(name);
            else if (!open.TryPop(out string? last) || last != name)
                Assert.Fail($"</{name}> at {tag.Index} closes <{last}>");
        }
        Assert.That(open, Is.Empty);
    }

    [GeneratedRegex("<(/?)([!a-zA-Z0-9]+)(?:[^<>\"]|\"[^\"]*\")*>")]
    private static partial Regex Markup();

    [GeneratedRegex(" (title|alt)=")]
    private static partial Regex WithText();

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Sources();

    [GeneratedRegex(" (?:d|x|y|cx|cy)=\"[^\"]*\"")]
    private static partial Regex SvgNumbers();
}

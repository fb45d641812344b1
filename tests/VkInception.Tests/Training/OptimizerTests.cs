using System.Text.Json;
using NUnit.Framework;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Optimizers;
using VkInception.Reference;

namespace VkInception.Tests.Training;

/// <summary>The optimizers' formulas against PyTorch's values, and their text on the command line and in checkpoints.</summary>
public class OptimizerTests
{
    private static readonly JsonElement golden = ReadGolden();

    private static IEnumerable<string> Cases => golden.GetProperty("cases").EnumerateObject().Select(c => c.Name);

    [TestCaseSource(nameof(Cases))]
    public void ReferencesFollowPyTorch(string text)
    {
        Optimizer optimizer = Optimizer.Parse(text);
        double[] w = Doubles(golden.GetProperty("start")), rates = Doubles(golden.GetProperty("rates"));
        var states = w.Select(_ => new double[optimizer.States.Length]).ToArray();
        JsonElement[] gradients = [.. golden.GetProperty("gradients").EnumerateArray()], expected = [.. golden.GetProperty("cases").GetProperty(text).EnumerateArray()];
        for (int step = 0; step < gradients.Length; step++)
        {
            double[] g = Doubles(gradients[step]);
            for (int i = 0; i < w.Length; i++)
                w[i] = OptimizerReferences.Update(optimizer, w[i], g[i], states[i], rates[step], optimizer.WeightDecay, step + 1);
            // The constants are of single precision here: beta2 = 0.999 is off by 1e-8.
            Assert.That(w, Is.EqualTo(Doubles(expected[step])).Within(1e-5), $"update {step + 1}");
        }
    }

    [TestCase("sgd", ExpectedResult = "sgd:momentum=0.9,form=pytorch,nesterov=no,weight-decay=0")]
    [TestCase("sgd:form=caffe,weight-decay=2e-4", ExpectedResult = "sgd:momentum=0.9,form=caffe,nesterov=no,weight-decay=0.0002")]
    [TestCase("sgd:nesterov=yes, momentum=0.5", ExpectedResult = "sgd:momentum=0.5,form=pytorch,nesterov=yes,weight-decay=0")]
    [TestCase("rmsprop", ExpectedResult = "rmsprop:alpha=0.9,epsilon=1,momentum=0.9,form=tensorflow,weight-decay=0")]
    [TestCase("rmsprop:form=pytorch,epsilon=0.0316", ExpectedResult = "rmsprop:alpha=0.9,epsilon=0.0316,momentum=0.9,form=pytorch,weight-decay=0")]
    [TestCase("adam:epsilon=1e-3", ExpectedResult = "adam:beta1=0.9,beta2=0.999,epsilon=0.001,weight-decay=0")]
    [TestCase("adamw:weight-decay=0.01", ExpectedResult = "adamw:beta1=0.9,beta2=0.999,epsilon=1E-08,weight-decay=0.01")]
    public string TextsReadBackAsTheSame(string text)
    {
        Optimizer optimizer = Optimizer.Parse(text);
        Assert.That(Optimizer.Parse(optimizer.ToString()), Is.EqualTo(optimizer));
        return optimizer.ToString();
    }

    [Test]
    public void OptionsOfTheirOwnStandForSettings()
        => Assert.That(Optimizer.Parse("sgd:form=caffe", momentum: 0.5f, weightDecay: 0.1f), Is.EqualTo(new Sgd { IsCaffe = true, Momentum = 0.5f, WeightDecay = 0.1f }));

    [TestCase("lion", "there are sgd, rmsprop, adam, adamw")]
    [TestCase("", "there are sgd")]
    [TestCase("sgd:momentum=1", "at least 0 and under 1, not 1")]
    [TestCase("sgd:momentum=nan", "momentum must be a number")]
    [TestCase("sgd:momentum=-0.1", "at least 0 and under 1")]
    [TestCase("sgd:momentum=0,nesterov=yes", "nesterov needs a momentum")]
    [TestCase("sgd:nesterov=maybe", "nesterov must be no or yes")]
    [TestCase("sgd:momentum", "\"momentum\" has no value")]
    [TestCase("sgd:momentum=0.1,momentum=0.2", "stands twice")]
    [TestCase("sgd:beta1=0.9", "sgd has no setting \"beta1\"; it has weight-decay, momentum, form, nesterov")]
    [TestCase("adam:beta2=1", "beta2 must be at least 0 and under 1")]
    [TestCase("adam:epsilon=-1", "epsilon must be at least 0")]
    [TestCase("adam:epsilon=1e300", "epsilon must be at least 0")]
    [TestCase("adam:momentum=0.9", "adam has no setting \"momentum\"")]
    [TestCase("adam:weight-decay=-1\n", "weight-decay must be at least 0")]
    public void WhatCannotBeIsRefusedInOneLine(string text, string inMessage)
        => Assert.That(() => Optimizer.Parse(text), Refusal(inMessage));

    [Test]
    public void ASettingGivenTwiceIsRefused()
        => Assert.That(() => Optimizer.Parse("sgd:momentum=0.9", momentum: 0.5f), Refusal("given both here and as an option"));

    [Test]
    public void OnlyWhatIsKeptTakesState() => Assert.Multiple(() =>
    {
        Assert.That(new Sgd { Momentum = 0 }.States, Is.Empty);
        Assert.That(new Sgd().States, Is.EqualTo(new[] { "momentum" }));
        Assert.That(new RmsProp { Momentum = 0 }.States, Is.EqualTo(new[] { "square" }));
        Assert.That(new RmsProp().States, Has.Length.EqualTo(2));
        Assert.That(new Adam().States, Has.Length.EqualTo(2));
    });

    [TestCase(0.999f, 1, 2.0 / 11)]
    [TestCase(0.999f, 80, 0.9)]
    [TestCase(0.999f, 100_000, 0.999)]
    [TestCase(0.1f, 1, 0.1)]
    public void TheAverageForgetsItsBeginningSoon(float decay, long update, double expected)
        => Assert.That(Optimizer.AverageDecay(decay, update), Is.EqualTo(expected).Within(1e-6));

    internal static NUnit.Framework.Constraints.IResolveConstraint Refusal(string inMessage)
        => Throws.TypeOf<VkInceptionException>().With.Property(nameof(VkInceptionException.Code)).EqualTo(ErrorCode.InvalidArgument)
            .And.Message.Contains(inMessage).And.Message.Not.Contains("\n");

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];

    private static JsonElement ReadGolden()
    {
        using Stream stream = typeof(OptimizerTests).Assembly.GetManifestResourceStream("OptimizerGoldens.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}

using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Training.Initializers;
using static VkInception.Tests.Training.OptimizerTests;

namespace VkInception.Tests.Training;

/// <summary>Weights to begin training with: their distributions, and that seed and name alone decide.</summary>
public class InitializerTests
{
    private static readonly Parameter filter = new("conv.weight", [96, 48, 7, 5]);
    private const double FanIn = 48 * 7 * 5, FanOut = 96 * 7 * 5;

    private static IEnumerable<TestCaseData> Distributions =>
    [
        // Text; standard deviation; largest magnitude; fourth moment over the squared variance.
        new("bvlc", Math.Sqrt(1 / FanIn), Math.Sqrt(3 / FanIn), 1.8),
        new("he", Math.Sqrt(2 / FanIn), Math.Sqrt(2 / FanIn) * 5.8, 3),
        new("he:fan=out", Math.Sqrt(2 / FanOut), Math.Sqrt(2 / FanOut) * 5.8, 3),
        new("he:distribution=uniform", Math.Sqrt(2 / FanIn), Math.Sqrt(6 / FanIn), 1.8),
        // A normal distribution cut at two deviations has deviation 0.8796 and this kurtosis.
        new("truncated-normal", 0.008796, 0.02, 2.367),
    ];

    [TestCaseSource(nameof(Distributions))]
    public void WeightsHaveTheirDistribution(string text, double deviation, double largest, double kurtosis)
    {
        float[] w = Initializer.Parse(text).Create(filter, 3);
        double second = w.Average(v => (double)v * v), fourth = w.Average(v => Math.Pow(v, 4));

        Assert.Multiple(() =>
        {
            Assert.That(w, Has.Length.EqualTo(filter.Shape.Count));
            Assert.That(w.Average(v => (double)v), Is.EqualTo(0).Within(5 * deviation / Math.Sqrt(w.Length)));
            Assert.That(Math.Sqrt(second), Is.EqualTo(deviation).Within(1).Percent);
            Assert.That(fourth / (second * second), Is.EqualTo(kurtosis).Within(3).Percent);
            Assert.That(w.Max(Math.Abs), Is.LessThanOrEqualTo(largest).And.GreaterThan(0.7 * largest));
            Assert.That(w.Distinct().Count(), Is.GreaterThan(0.9 * w.Length), "each is drawn anew, in every chunk");
        });
    }

    [Test]
    public void NeighboursAndChunksDoNotFollowEachOther([Values("bvlc", "he", "truncated-normal")] string text)
    {
        float[] w = Initializer.Parse(text).Create(filter, 3);
        double variance = w.Average(v => (double)v * v);
        foreach (int lag in (int[])[1, 2, 3, 1 << 16])
            Assert.That(w.Zip(w.Skip(lag), (a, b) => (double)a * b).Average() / variance, Is.EqualTo(0).Within(0.02), $"{lag} apart");
    }

    [Test]
    public void SeedAndNameDecide()
    {
        var initializer = new HeInitializer();
        float[] w = initializer.Create(filter, 7);

        Assert.Multiple(() =>
        {
            Assert.That(initializer.Create(new Parameter("conv.weight", [96, 48, 7, 5]), 7), Is.EqualTo(w));
            Assert.That(initializer.Create(filter, 8)[..100], Is.Not.EqualTo(w[..100]));
            Assert.That(initializer.Create(new Parameter("conv2.weight", [96, 48, 7, 5]), 7)[..100], Is.Not.EqualTo(w[..100]));
        });
    }

    [Test]
    public void TheFirstWeightsStayAsTheyWere()
        // A run can be repeated years later only if these never change. Computed apart, from the definitions of Philox and FNV-1a.
        => Assert.That(new BvlcInitializer().Create(new Parameter("conv1/7x7_s2.weight", [64, 3, 7, 7]), 42)[..3], Is.EqualTo(new[] { 0.06952035427093506f, -0.07489090412855148f, -0.03214900940656662f }));

    [TestCase("bvlc", "conv1/7x7_s2.bias", 0.2f)]
    [TestCase("bvlc:bias=0.1", "loss1/fc.bias", 0.1f)]
    [TestCase("bvlc", "loss1/classifier.bias", 0)]
    [TestCase("bvlc", "loss3/classifier.bias", 0)]
    [TestCase("he", "fc.bias", 0)]
    [TestCase("truncated-normal", "fc.bias", 0)]
    [TestCase("bvlc", "conv1.bn.weight", 1)]
    [TestCase("he", "conv1.bn.weight", 1)]
    [TestCase("he", "conv1.bn.running_mean", 0)]
    [TestCase("bvlc", "conv1.bn.running_mean", 0)]
    [TestCase("he", "conv1.bn.running_var", 1)]
    [TestCase("bvlc", "bn.scale_factor", 1)]
    [TestCase("bvlc", "bn.mean", 0)]
    [TestCase("bvlc", "bn.variance", 1)]
    public void VectorsHaveTheirConstant(string text, string name, float expected)
        => Assert.That(Initializer.Parse(text).Create(new Parameter(name, [17]), 1), Is.EqualTo(Enumerable.Repeat(expected, 17)));

    [Test]
    public void EveryNetworkBeginsWithSignalsOfTheSameSize([ValueSource(nameof(Networks))] string model)
    {
        ModelCard card = ModelZoo.Find(model);
        var weights = new InitialWeights(card.Initializer, 1);
        foreach (Parameter p in card.Build(new ModelOptions()).Parameters.Where(p => p.Shape.Rank > 1 && p.Shape.Count > 1000))
        {
            double variance = weights.Read(p).ToArray().Average(v => (double)v * v) * p.Shape.Count / p.Shape[0];
            Assert.That(variance, Is.InRange(0.9, 2.2), $"{p}: variance times fan-in");
        }
    }

    [TestCase("bvlc", ExpectedResult = "bvlc:bias=0.2")]
    [TestCase("he", ExpectedResult = "he:distribution=normal,fan=in")]
    [TestCase("he:fan=out,distribution=uniform", ExpectedResult = "he:distribution=uniform,fan=out")]
    [TestCase("truncated-normal:deviation=0.02", ExpectedResult = "truncated-normal:deviation=0.02,limit=2")]
    public string TextsReadBackAsTheSame(string text)
    {
        Initializer initializer = Initializer.Parse(text);
        Assert.That(Initializer.Parse(initializer.ToString()), Is.EqualTo(initializer));
        return initializer.ToString();
    }

    [TestCase("xavier", "there are bvlc, he, truncated-normal")]
    [TestCase("he:fan=both", "fan must be in or out")]
    [TestCase("truncated-normal:limit=0", "limit must be from 0.5 to 10")]
    [TestCase("truncated-normal:deviation=-1", "deviation must be from 0")]
    [TestCase("bvlc:fan=in", "bvlc has no setting \"fan\"; it has bias")]
    public void WhatCannotBeIsRefusedInOneLine(string text, string inMessage) => Assert.That(() => Initializer.Parse(text), Refusal(inMessage));

    /// <summary>Those with an initializer of their own, and one with the default.</summary>
    private static IEnumerable<string> Networks => ["googlenet", "googlenet-torchvision", "nin"];
}

using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Training;
using static VkInception.Tests.Training.OptimizerTests;

namespace VkInception.Tests.Training;

/// <summary>Multipliers of learning rate and weight decay: presets, rules, the table that optimizers read; patterns over names.</summary>
public class ParameterGroupsTests
{
    private static readonly Parameter[] parameters =
    [
        new("conv1/7x7_s2.weight", [64, 3, 7, 7]), new("conv1/7x7_s2.bias", [64]), new("bn.weight", [300]), new("bn.bias", [300]),
        new("bn.running_mean", [300]) { Trained = false }, new("odd:0", [7, 9]), new("fc.weight", [10, 64]), new("fc.bias", [10]),
    ];

    [TestCase("pytorch", "conv1/7x7_s2.bias", 1, 1)]
    [TestCase("bvlc", "conv1/7x7_s2.weight", 1, 1)]
    [TestCase("bvlc", "conv1/7x7_s2.bias", 2, 0)]
    [TestCase("bvlc", "bn.weight", 1, 1)]
    [TestCase("bvlc", "bn.bias", 2, 0)]
    [TestCase("no-decay-on-norm-and-bias", "bn.weight", 1, 0)]
    [TestCase("no-decay-on-norm-and-bias", "fc.bias", 1, 0)]
    [TestCase("no-decay-on-norm-and-bias", "fc.weight", 1, 1)]
    public void PresetsSayWhatBiasesAndNormsTake(string preset, string name, float rate, float decay)
        => Assert.That(ParameterGroups.Parse(preset).Of(Named(name)), Is.EqualTo((rate, decay)));

    [Test]
    public void LaterRulesWinAndLeaveWhatTheyDoNotName()
    {
        ParameterGroups groups = ParameterGroups.Parse("bvlc", "*:lr=0.5", "conv1*:lr=0.1,decay=3", "*.bias:decay=0.25", "odd:0:lr=7");

        Assert.Multiple(() =>
        {
            Assert.That(groups.Of(Named("conv1/7x7_s2.weight")), Is.EqualTo((0.1f, 3f)));
            Assert.That(groups.Of(Named("conv1/7x7_s2.bias")), Is.EqualTo((0.1f, 0.25f)));
            Assert.That(groups.Of(Named("fc.bias")), Is.EqualTo((0.5f, 0.25f)));
            Assert.That(groups.Of(Named("bn.bias")), Is.EqualTo((0.5f, 0.25f)));
            Assert.That(groups.Of(Named("odd:0")), Is.EqualTo((7f, 1f)));
        });
    }

    [Test]
    public void TheTableHasAnEntryForEveryGranule()
    {
        var space = new ParameterSpace(parameters, p => p.Trained && p.Name != "odd:0");
        ParameterGroups groups = ParameterGroups.Parse("bvlc", "bn.weight:lr=0.1");
        float[] table = groups.Multipliers(space);

        Assert.That(table, Has.Length.EqualTo(2 * space.TrainedElements / ParameterSpace.Granule));
        foreach (ParameterSlot slot in space.Slots.Where(s => s.IsTrained))
            for (long i = slot.Offset; i < slot.Offset + slot.Parameter.Shape.Count; i++)
                Assert.That((table[i / 256 * 2], table[i / 256 * 2 + 1]), Is.EqualTo(groups.Of(slot.Parameter)), $"{slot.Parameter}");
    }

    [Test]
    public void APatternThatFitsNothingIsRefusedWithTheClosestNames()
    {
        var space = new ParameterSpace(parameters, p => p.Trained);

        Assert.Multiple(() =>
        {
            Assert.That(() => ParameterGroups.Parse("pytorch", "conv2*:lr=0").Multipliers(space), Refusal("parameter rule \"conv2*\": no parameter has such a name; the closest: "));
            Assert.That(() => new GlobPattern("conv1").Select(parameters, "--freeze"), Refusal("--freeze \"conv1\": no parameter has such a name (\"conv1*\" would be all that begins so); the closest: conv1/7x7_s2"));
            Assert.That(() => GlobPattern.SelectAll(["fc*", "nothing"], parameters, "--freeze"), Refusal("\"nothing\""));
            Assert.That(() => ParameterGroups.Parse("pytorch", "bn.running_mean:lr=0").Multipliers(space), Throws.Nothing, "known, though not trained");
        });
    }

    [Test]
    public void FrozenParametersAreChosenByName()
        => Assert.That(GlobPattern.SelectAll(["conv1*", "*.bias"], parameters, "--freeze").Select(p => p.Name), Is.EquivalentTo(new[] { "conv1/7x7_s2.weight", "conv1/7x7_s2.bias", "bn.bias", "fc.bias" }));

    [Test]
    public void TheZooHasNamesForEveryPreset([Values("googlenet", "googlenet-torchvision")] string model)
    {
        Network network = ModelZoo.Find(model).Build(new ModelOptions());
        var space = new ParameterSpace(network.Parameters, p => p.Trained);
        float[] table = ParameterGroups.Parse("bvlc").Multipliers(space);

        Assert.That(table.Where((_, i) => i % 2 == 0).Distinct(), Is.EquivalentTo(new[] { 1f, 2f }));
    }

    [TestCase("*", "", true)]
    [TestCase("", "", true)]
    [TestCase("", "a", false)]
    [TestCase("a*c", "abbbc", true)]
    [TestCase("a*c", "abbbcd", false)]
    [TestCase("a*b*c", "a/b.b/c", true)]
    [TestCase("*ab", "aab", true)]
    [TestCase("*a?b", "aaxab", false)]
    [TestCase("?", "", false)]
    [TestCase("conv?.w*", "conv1.weight", true)]
    [TestCase("conv1", "conv1.weight", false)]
    [TestCase("CONV*", "conv1", false)]
    [TestCase("a.c", "abc", false)]
    public void PatternsFitWholeNames(string pattern, string name, bool fits) => Assert.That(new GlobPattern(pattern).Matches(name), Is.EqualTo(fits));

    [Test]
    [CancelAfter(5000)]
    public void APatternOfManyStarsTakesNoLongTime()
        => Assert.That(new GlobPattern(string.Concat(Enumerable.Repeat("a*", 200)) + "b").Matches(new string('a', 5000)), Is.False);

    [TestCase("conv*:lr=0.1", ExpectedResult = "conv*:lr=0.1")]
    [TestCase("a:b:decay=0,lr=2", ExpectedResult = "a:b:lr=2,decay=0")]
    public string RulesReadBackAsTheSame(string text)
    {
        ParameterRule rule = ParameterRule.Parse(text);
        Assert.That(ParameterRule.Parse(rule.ToString()), Is.EqualTo(rule));
        return rule.ToString();
    }

    [TestCase("conv*", "write PATTERN:lr=NUMBER")]
    [TestCase(":lr=1", "write PATTERN:lr=NUMBER")]
    [TestCase("conv*:lr", "\"conv*:lr\": \"lr\" has no value")]
    [TestCase("conv*:lr=-1", "lr must be at least 0")]
    [TestCase("conv*:momentum=1", "a rule has no setting \"momentum\"; it has lr, decay")]
    public void RulesThatCannotBeAreRefused(string text, string inMessage) => Assert.That(() => ParameterRule.Parse(text), Refusal(inMessage));

    [Test]
    public void AnUnknownPresetIsRefused() => Assert.That(() => ParameterGroups.Parse("caffe"), Refusal("there are pytorch, bvlc, no-decay-on-norm-and-bias"));

    private static Parameter Named(string name) => parameters.Single(p => p.Name == name);
}

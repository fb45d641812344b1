using NUnit.Framework;
using VkInception.Graph.Training.Schedules;
using static VkInception.Tests.Training.OptimizerTests;

namespace VkInception.Tests.Training;

/// <summary>Learning rates over a run of 100 epochs of 50 steps, and the words that schedules are read from.</summary>
public class ScheduleTests
{
    private const long PerEpoch = 50, Total = 5000;

    [TestCase("constant", 4999, 1)]
    [TestCase("paper", 399, 1)]
    [TestCase("paper", 400, 0.96)]
    [TestCase("paper", 4000, 0.66483263599150104)]
    [TestCase("step:gamma=0.1,epochs=30", 1499, 1)]
    [TestCase("step:gamma=0.1,epochs=30", 1500, 0.1)]
    [TestCase("step:gamma=0.1,epochs=30", 3000, 0.01)]
    [TestCase("step:gamma=0.5,steps=7", 21, 0.125)]
    [TestCase("step:gamma=0.5,epochs=0.5", 25, 0.5)]
    [TestCase("multistep:gamma=0.1,epochs=30/60/80", 1499, 1)]
    [TestCase("multistep:gamma=0.1,epochs=30/60/80", 3000, 0.01)]
    [TestCase("multistep:gamma=0.1,epochs=30/60/80", 4999, 0.001)]
    [TestCase("multistep:gamma=0.5,steps=100/300", 299, 0.5)]
    [TestCase("poly", 0, 1)]
    [TestCase("poly:power=0.5", 3750, 0.5)]
    [TestCase("poly:power=2", 2500, 0.25)]
    [TestCase("poly:power=0.5", 5001, 0)]
    [TestCase("exponential", 100, 0.94)]
    [TestCase("exponential:gamma=0.25,epochs=2", 50, 0.5)]
    [TestCase("exponential:gamma=0.99,steps=1", 100, 0.36603234127322948)]
    [TestCase("cosine", 0, 1)]
    [TestCase("cosine", 2500, 0.5)]
    [TestCase("cosine:floor=0.2", 5000, 0.2)]
    [TestCase("cosine:floor=0.2", 2500, 0.6)]
    [TestCase("inverse:gamma=0.0001,power=0.75", 2000, 0.8721959494934213)]
    [TestCase("sigmoid:gamma=0.01,steps=1000", 1000, 0.5)]
    [TestCase("sigmoid:gamma=0.01,steps=1000", 1100, 0.26894142136999512)]
    [TestCase("warmup:epochs=5+constant", 0, 0.004)]
    [TestCase("warmup:epochs=5+constant", 124, 0.5)]
    [TestCase("warmup:epochs=5+constant", 249, 1)]
    [TestCase("warmup:epochs=5+constant", 250, 1)]
    [TestCase("warmup:steps=100,from=0.2+step:gamma=0.1,steps=50", 49, 0.6)]
    [TestCase("warmup:steps=100,from=0.2+step:gamma=0.1,steps=50", 50, 0.0608)]
    [TestCase("warmup:epochs=5+cosine", 2500, 0.5)]
    public void FactorsFollowTheFormula(string text, long step, double expected)
        => Assert.That(Schedule.Parse(text).Factor(new ScheduleClock(step, PerEpoch, Total)), Is.EqualTo(expected).Within(1e-12));

    [TestCase("constant")]
    [TestCase("paper")]
    [TestCase("step:gamma=0.1,epochs=30")]
    [TestCase("multistep:gamma=0.1,epochs=30/60.5/80")]
    [TestCase("multistep:gamma=0.1,steps=10")]
    [TestCase("poly:power=0.5")]
    [TestCase("exponential:gamma=0.999999999,steps=1e+3")]
    [TestCase("cosine:floor=1e-9")]
    [TestCase("inverse")]
    [TestCase("sigmoid:gamma=-1e+2,steps=50000")]
    [TestCase("warmup:steps=1e+14,from=1e-7+exponential:gamma=0.94,steps=1e+3")]
    [TestCase(" step : gamma = 0.1 , epochs = 30 ")]
    public void TextsReadBackAsTheSame(string text)
    {
        Schedule schedule = Schedule.Parse(text);
        Assert.That(Schedule.Parse(schedule.ToString()), Is.EqualTo(schedule));
    }

    [Test]
    public void FactorsStayBetweenZeroAndOne([Values(
        "constant", "paper", "step:epochs=1", "poly", "exponential", "cosine", "inverse", "sigmoid:steps=100", "warmup:epochs=3+cosine", "warmup:steps=0.5+poly")] string text,
        [Values(1, 3)] long perEpoch, [Values(1, 10)] long total)
    {
        Schedule schedule = Schedule.Parse(text);
        for (long step = 0; step < 2 * total; step++)
            Assert.That(schedule.Factor(new ScheduleClock(step, perEpoch, total)), Is.InRange(0, 1));
    }

    [TestCase("", "there are constant, paper, step")]
    [TestCase("linear", "there are constant, paper, step")]
    [TestCase("constant:gamma=1", "constant takes no settings")]
    [TestCase("step", "step needs epochs=NUMBER or steps=NUMBER")]
    [TestCase("step:epochs=0", "epochs must be above 0")]
    [TestCase("step:epochs=-3", "epochs must be from 0")]
    [TestCase("step:epochs=3,steps=5", "not both")]
    [TestCase("step:gamma=2,epochs=3", "gamma must be from 0 to 1, not 2")]
    [TestCase("step:gamma=x,epochs=3", "gamma must be a number, not \"x\"")]
    [TestCase("step:gama=0.1,epochs=3", "step has no setting \"gama\"; it has gamma, epochs, steps")]
    [TestCase("step:gamma=Infinity,epochs=3", "must be a number")]
    [TestCase("multistep:gamma=0.1", "epochs=A/B/C")]
    [TestCase("multistep:epochs=1//2", "epochs must be a number")]
    [TestCase("cosine:floor=1.5", "floor must be from 0 to 1")]
    [TestCase("warmup:epochs=5", "before another schedule")]
    [TestCase("warmup:epochs=5+", "there are constant")]
    [TestCase("warmup+cosine", "warmup needs epochs=NUMBER")]
    [TestCase("cosine+step:epochs=1", "only a warm-up stands before")]
    [TestCase("warmup:epochs=5+warmup:epochs=5+cosine", "schedule")]
    [TestCase("warmup:epochs=5,until=1+cosine", "warmup has no setting \"until\"; it has epochs, steps, from")]
    [TestCase("no\nline", "no?line")]
    public void WhatCannotBeIsRefusedInOneLine(string text, string inMessage) => Assert.That(() => Schedule.Parse(text), Refusal(inMessage));

    [Test]
    public void AVeryLongTextIsRefusedInAShortLine()
        => Assert.That(() => Schedule.Parse(string.Concat(Enumerable.Repeat("warmup:epochs=1+", 100_000))), Throws.TypeOf<VkInceptionException>().With.Message.Length.LessThan(300));
}

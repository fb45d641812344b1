using NUnit.Framework;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Initializers;
using VkInception.Graph.Training.Optimizers;
using VkInception.Graph.Training.Schedules;
using VkInception.Training.Recipes;

namespace VkInception.Tests.Training;

/// <summary>The recipes against what the papers say.</summary>
public class RecipeTests
{
    [Test]
    public void EveryRecipeCanBeUsed()
    {
        foreach (Recipe recipe in RecipeBook.All)
        {
            Assert.That(recipe.CreateOptimizer().WeightDecay, Is.EqualTo(recipe.WeightDecay), recipe.Name);
            Assert.That(recipe.CreateSchedule().Factor(new ScheduleClock(0, 100, 100 * recipe.Epochs)), Is.EqualTo(1), recipe.Name);
            Assert.That(() => ParameterGroups.Parse(recipe.Groups), Throws.Nothing, recipe.Name);
            Assert.That(() => Initializer.Parse(recipe.Initialization ?? "he"), Throws.Nothing, recipe.Name);
            Assert.That(recipe.Augmentation, Is.AnyOf("googlenet", "alexnet", "vgg", "resnet", "cifar"), recipe.Name);
            Assert.That(RecipeBook.Find(recipe.Name), Is.SameAs(recipe));
        }
    }

    [TestCase("googlenet-2014", 8, 0.96)]
    [TestCase("googlenet-2014", 7.99, 1)]
    [TestCase("googlenet-2014", 249, 0.2821)] // 0.96^31
    [TestCase("inception-v3", 2, 0.94)]
    [TestCase("inception-v3", 99, 0.0482)] // 0.94^49
    [TestCase("alexnet", 45, 0.01)]
    [TestCase("vgg", 73, 0.001)]
    [TestCase("resnet", 30, 0.1)]
    [TestCase("squeezenet", 34, 0.5)]
    [TestCase("resnet-cifar", 83, 0.1)] // 32,000 steps are 82 epochs of 390.6
    public void TheRateFallsAsPublished(string name, double epoch, double factor)
    {
        const int StepsPerEpoch = 391;
        Recipe recipe = RecipeBook.Find(name);
        var clock = new ScheduleClock((long)(epoch * StepsPerEpoch), StepsPerEpoch, (long)recipe.Epochs * StepsPerEpoch);

        Assert.That(recipe.CreateSchedule().Factor(clock), Is.EqualTo(factor).Within(1e-3 * factor + 1e-4));
    }

    [Test]
    public void InceptionV3IsTensorFlowsRmsProp()
    {
        Recipe recipe = RecipeBook.Find("inception-v3");
        var optimizer = (RmsProp)recipe.CreateOptimizer();

        Assert.That((optimizer.Alpha, optimizer.Epsilon, optimizer.Momentum, optimizer.IsTensorFlow), Is.EqualTo((0.9f, 1f, 0.9f, true)));
        Assert.That((recipe.LearningRate, recipe.ClipNorm, recipe.Smoothing, recipe.Epochs), Is.EqualTo((0.045f, 2f, 0.1f, 100)));
    }

    [Test]
    public void SettingsOfTheCallerWin()
    {
        Optimizer optimizer = RecipeBook.Find("vgg").CreateOptimizer(momentum: 0.5f, weightDecay: 0);

        Assert.That(optimizer.ToString(), Does.Contain("momentum=0.5").And.Contains("weight-decay=0"));
    }

    [Test]
    public void AnUnknownNameSaysWhichThereAre()
        => Assert.That(() => RecipeBook.Find("googlenet"), Throws.TypeOf<VkInceptionException>().With.Message.Contains("googlenet-2014"));
}

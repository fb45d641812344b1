using NUnit.Framework;
using VkInception.Graph.Planning;
using VkInception.Graph.Training;
using VkInception.Running;
using VkInception.Training;

namespace VkInception.Tests.Graph;

/// <summary>The estimate by which long work is cut into several submissions.</summary>
public class SubmissionWorkTests
{
    [TestCase("googlenet", 1)]
    [TestCase("squeezenet1_1", 1)]
    [TestCase("vgg16", 1)]
    public void AnImageIsALittleMoreThanItsMultiplyAdds(string name, int batch)
    {
        using Model model = Model.Load(name);
        ExecutionPlan plan = Planner.Plan(model.InferenceNetwork(new CompileOptions { Batch = batch }), new SingleKernel(), Precision.Single);
        long work = StepWork.Estimate(plan.Steps).Sum(), products = plan.Network.MultiplyAdds;
        Assert.That(work, Is.InRange(products, 2 * products));
    }

    [Test]
    public void AStepIsThreeTimesTheForwardPassAndALittleMore()
    {
        using Model model = Model.Load("googlenet");
        var options = new TrainingOptions { Batch = 2, Optimizer = Optimizer.Parse("sgd") };
        TrainingPlan plan = TrainingPlanner.Plan(model.TrainingNetwork(options), new SingleKernel(), new TrainingPlanOptions { Optimizer = options.Optimizer });
        long work = StepWork.Estimate(plan.Execution.Steps).Sum(), products = plan.Execution.Network.MultiplyAdds;
        Assert.That(work, Is.InRange(3 * products, 5 * products));
    }
}

using System.Text;
using NUnit.Framework;
using VkInception.Graph.Training.Optimizers;
using VkInception.Graph.Training.Schedules;
using VkInception.Tests.GraphFiles;
using VkInception.Tests.House;
using VkInception.Training.Caffe;
using VkInception.Weights;

namespace VkInception.Tests.Training;

/// <summary>Caffe's solver files as training options.</summary>
public class CaffeSolverTests
{
    private const string Good = """
        # a comment
        net: "models/net.prototxt"
        type: "SGD"
        base_lr: 0.01
        lr_policy: "step"
        gamma: 0.96
        stepsize: 320000
        max_iter: 10000000
        momentum: 0.9
        weight_decay: 0.0002
        clip_gradients: 2.5
        random_seed: 42
        test_interval: 4000
        test_iter: 1000
        snapshot: 40000
        snapshot_prefix: "models/snap"
        solver_mode: GPU
        """;

    [Test]
    public void EveryFieldIsRead()
    {
        SolverSettings s = Read(Good);

        Assert.Multiple(() =>
        {
            Assert.That(s.Net, Is.EqualTo("models/net.prototxt"));
            Assert.That(s.Optimizer, Is.EqualTo(new Sgd { IsCaffe = true, Momentum = 0.9f, WeightDecay = 2e-4f }));
            Assert.That(s.LearningRate, Is.EqualTo(0.01f));
            Assert.That(s.Schedule, Is.EqualTo(new StepDecay(0.96, Period.Steps(320000))));
            Assert.That((s.MaxIterations, s.ClipNorm, s.BatchesPerStep, s.Seed), Is.EqualTo((10000000, 2.5f, 1, 42)));
            Assert.That((s.TestInterval, s.SnapshotInterval, s.SnapshotPrefix), Is.EqualTo((4000, 40000, "models/snap")));
            Assert.That(s.Warnings, Is.Empty);
        });
    }

    [Test]
    public void WhatIsAbsentHasCaffesDefault()
    {
        SolverSettings s = Read("base_lr: 1 lr_policy: \"fixed\" random_seed: -1 clip_gradients: -1 snapshot: 0");

        Assert.Multiple(() =>
        {
            Assert.That(s.Optimizer, Is.EqualTo(new Sgd { IsCaffe = true, Momentum = 0 }));
            Assert.That(s.Schedule, Is.EqualTo(new ConstantRate()));
            Assert.That((s.Net, s.MaxIterations, s.ClipNorm, s.BatchesPerStep, s.Seed, s.TestInterval, s.SnapshotInterval), Is.EqualTo(((string?)null, (int?)null, 0f, 1, (int?)null, (int?)null, (int?)null)));
        });
    }

    [TestCase("lr_policy: 'fixed'", "constant")]
    [TestCase("lr_policy: 'step' gamma: 0.1 stepsize: 1000", "step:gamma=0.1,steps=1000")]
    [TestCase("lr_policy: 'exp' gamma: 0.999", "exponential:gamma=0.999,steps=1")]
    [TestCase("lr_policy: 'inv' gamma: 0.0001 power: 0.75", "inverse:gamma=0.0001,power=0.75")]
    [TestCase("lr_policy: 'multistep' gamma: 0.1 stepvalue: 500 stepvalue: 700", "multistep:gamma=0.1,steps=500/700")]
    [TestCase("lr_policy: 'multistep' gamma: 0.1 stepvalue: [500, 700]", "multistep:gamma=0.1,steps=500/700")]
    [TestCase("lr_policy: 'poly' power: 0.5 max_iter: 10", "poly:power=0.5")]
    [TestCase("lr_policy: 'sigmoid' gamma: -0.01 stepsize: 100", "sigmoid:gamma=0.01,steps=100")]
    public void EveryPolicyHasItsSchedule(string text, string expected)
        => Assert.That(Read($"base_lr: 0.1 {text}").Schedule, Is.EqualTo(Schedule.Parse(expected)));

    [TestCase("type: 'SGD' momentum: 0.9", "sgd:momentum=0.9,form=caffe")]
    [TestCase("type: 'Nesterov' momentum: 0.9", "sgd:momentum=0.9,form=caffe,nesterov=yes")]
    [TestCase("solver_type: NESTEROV momentum: 0.9", "sgd:momentum=0.9,form=caffe,nesterov=yes")]
    [TestCase("solver_type: 1 momentum: 0.9", "sgd:momentum=0.9,form=caffe,nesterov=yes")]
    [TestCase("type: 'Nesterov'", "sgd:momentum=0,form=caffe")]
    [TestCase("type: 'RMSProp' rms_decay: 0.98 delta: 1e-4", "rmsprop:form=pytorch,alpha=0.98,epsilon=1e-4,momentum=0")]
    [TestCase("type: 'RMSProp'", "rmsprop:form=pytorch,alpha=0.99,epsilon=1e-8,momentum=0")]
    [TestCase("type: 'Adam' momentum: 0.9 momentum2: 0.99 delta: 1e-6 weight_decay: 0.1", "adam:beta1=0.9,beta2=0.99,epsilon=1e-6,weight-decay=0.1")]
    public void EverySolverHasItsOptimizer(string text, string expected)
        => Assert.That(Read($"base_lr: 0.1 lr_policy: 'fixed' {text}").Optimizer, Is.EqualTo(VkInception.Graph.Training.Optimizer.Parse(expected)));

    [Test]
    public void WhatChangesNothingHereIsSaid()
    {
        SolverSettings s = Read($"{Good}\niter_size: 16\nwheight_decay: 3\ntest_net: 'a'\ndisplay: 4");

        Assert.That(s.BatchesPerStep, Is.EqualTo(16));
        Assert.That(s.Warnings, Is.EqualTo(new[]
        {
            "solver:18: iter_size 16: gradients of several batches are not gathered; a batch 16 times as large does the same",
            "solver:19: \"wheight_decay\" is not read (the closest that is: weight_decay)",
            "solver:20: \"test_net\" is not read (the closest that is: train_net)",
        }));
    }

    [TestCase("type: 'AdaGrad'", ErrorCode.UnsupportedFormat, "solver:1: type \"AdaGrad\" is not supported; take SGD, Nesterov, RMSProp or Adam")]
    [TestCase("type: 'AdaDelta'", ErrorCode.UnsupportedFormat, "AdaDelta")]
    [TestCase("solver_type: 2", ErrorCode.UnsupportedFormat, "solver_type \"ADAGRAD\"")]
    [TestCase("solver_type: 77", ErrorCode.UnsupportedFormat, "\"77\"")]
    [TestCase("regularization_type: 'L1' weight_decay: 0.1", ErrorCode.UnsupportedFormat, "\"L1\" is not supported; only L2 is")]
    [TestCase("lr_policy: 'cosine'", ErrorCode.UnsupportedFormat, "take fixed, step, exp, inv, multistep, poly or sigmoid")]
    [TestCase("lr_policy: 'step' gamma: 0.1", ErrorCode.FileDamaged, "stepsize is missing; step needs it")]
    [TestCase("lr_policy: 'step' stepsize: 5", ErrorCode.FileDamaged, "gamma is missing; step needs it")]
    [TestCase("lr_policy: 'step' gamma: 7 stepsize: 5", ErrorCode.FileDamaged, "gamma must be from 0 to 1, not 7")]
    [TestCase("lr_policy: 'step' gamma: 0.1 stepsize: 0", ErrorCode.FileDamaged, "stepsize must be at least 1")]
    [TestCase("lr_policy: 'multistep' gamma: 0.1", ErrorCode.FileDamaged, "stepvalue is missing")]
    [TestCase("lr_policy: 'poly' power: 1", ErrorCode.FileDamaged, "max_iter is missing; poly needs it")]
    [TestCase("lr_policy: 'sigmoid' gamma: nan stepsize: 3", ErrorCode.FileDamaged, "gamma must be finite")]
    [TestCase("base_lr: -1", ErrorCode.FileDamaged, "base_lr must be at least 0, not -1")]
    [TestCase("base_lr: nan", ErrorCode.FileDamaged, "base_lr must be at least 0")]
    [TestCase("base_lr: 'x'", ErrorCode.FileDamaged, "base_lr")]
    [TestCase("momentum: 1", ErrorCode.FileDamaged, "momentum must be at least 0 and under 1")]
    [TestCase("type: 'RMSProp' momentum: 0.9", ErrorCode.FileDamaged, "momentum cannot be used with RMSProp")]
    [TestCase("max_iter: 0", ErrorCode.FileDamaged, "max_iter must be at least 1")]
    [TestCase("iter_size: -2", ErrorCode.FileDamaged, "iter_size must be at least 1")]
    [TestCase("net: \"a\\nb\"", ErrorCode.FileDamaged, "net is no name that a file can have")]
    public void WhatCannotBeIsRefusedInOneLine(string text, ErrorCode code, string inMessage)
        => Assert.That(() => Read($"base_lr: 0.1 lr_policy: 'fixed' {text}"), Throws.TypeOf<VkInceptionException>()
            .With.Property(nameof(VkInceptionException.Code)).EqualTo(code).And.Message.Contains(inMessage).And.Message.StartsWith("solver").And.Message.Not.Contains("\n"));

    [TestCase("", "base_lr is missing")]
    [TestCase("lr_policy: 'fixed'", "base_lr is missing")]
    [TestCase("base_lr: 0.1", "lr_policy is missing; give fixed, step")]
    [TestCase("name: 'AlexNet' layer { name: 'data' }", "this is a network, not a solver")]
    public void WhatIsNoSolverIsRefused(string text, string inMessage)
        => Assert.That(() => Read(text), Throws.TypeOf<VkInceptionException>().With.Message.Contains(inMessage));

    [TestCase("bvlc_googlenet/solver.prototxt", "step:gamma=0.96,steps=320000", 2e-4f, 0)]
    [TestCase("bvlc_googlenet/quick_solver.prototxt", "poly:power=0.5", 2e-4f, 0)]
    [TestCase("bvlc_alexnet/solver.prototxt", "step:gamma=0.1,steps=100000", 5e-4f, 0)]
    [TestCase("squeezenet_v1.0/solver.prototxt", "poly:power=1", 2e-4f, 1)]
    public void PublishedSolversAreRead(string file, string schedule, float decay, int warnings)
    {
        SolverSettings s = CaffeSolver.Open(Repository.SharedData($"caffe/{file}"));

        Assert.Multiple(() =>
        {
            Assert.That(s.Schedule, Is.EqualTo(Schedule.Parse(schedule)));
            Assert.That(s.Optimizer, Is.EqualTo(new Sgd { IsCaffe = true, Momentum = 0.9f, WeightDecay = decay }));
            Assert.That(s.Warnings, Has.Length.EqualTo(warnings));
            Assert.That(s.FindNet(), Does.EndWith("train_val.prototxt"));
        });
    }

    [Test]
    public void ACaffeRunFollowsItsSolver()
    {
        // Solver and reference agree on the paper's schedule after 700,000 steps: 0.01 · 0.96².
        SolverSettings s = Read(Good);
        Assert.That(s.LearningRate * s.Schedule.Factor(new ScheduleClock(700_000, 1, s.MaxIterations!.Value)), Is.EqualTo(0.009216).Within(1e-9));
    }

    [Test]
    public void DamagedSolversNeverRaiseAnotherException()
    {
        foreach (byte[] bad in Damage.Of(Encoding.UTF8.GetBytes(Good + "\niter_size: 2\ntype: 'Adam'\nstepvalue: [1, 2]\nunknown { a: 1 }"), 3000, seed: 3))
        {
            string text = Encoding.UTF8.GetString(bad);
            Damage.Survives(() => Assert.That(Read(text).Warnings, Has.None.Contains("\n")), text);
        }
    }

    [Test]
    [CancelAfter(10_000)]
    public void NamesOfAnyLengthAreReportedInAShortLine()
        => Assert.That(Read($"base_lr: 1 lr_policy: 'fixed' {new string('x', 4_000_000)}: 1").Warnings.Single(), Has.Length.LessThan(200));

    [Test]
    public void AFileThatIsNotThereIsNamed()
        => Assert.That(() => CaffeSolver.Open("no/solver.prototxt"), Throws.TypeOf<VkInceptionException>().With.Property(nameof(VkInceptionException.Code)).EqualTo(ErrorCode.FileNotFound));

    private static SolverSettings Read(string text) => CaffeSolver.Read(PrototxtDocument.Parse(text, "solver"));
}

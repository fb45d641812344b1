using System.Text;
using VkInception.Fuzz.Mutations;
using VkInception.Training.Caffe;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="CaffeSolver"/>.</summary>
internal sealed class SolverReader() : Reader("solver")
{
    public override IReadOnlyList<byte[]> Seeds { get; } = [.. new[]
    {
        "net: \"models/net.prototxt\" test_iter: 1000 test_interval: 4000 base_lr: 0.01 lr_policy: \"poly\" power: 0.5 max_iter: 2400000 momentum: 0.9 weight_decay: 0.0002 snapshot: 40000 snapshot_prefix: \"models/x\" solver_mode: GPU\n",
        "train_net: \"t.prototxt\" base_lr: 0.001 lr_policy: \"multistep\" stepvalue: 100 stepvalue: 200 gamma: 0.1 type: \"Adam\" momentum: 0.9 momentum2: 0.999 delta: 1e-8 clip_gradients: 35 iter_size: 2 random_seed: 7\n",
        "net: 'n' base_lr: 1 lr_policy: 'step' stepsize: 10 gamma: 0.5 solver_type: NESTEROV regularization_type: 'L2' display: 20\n",
        "net: 'n' base_lr: 1 lr_policy: 'sigmoid' stepsize: 10 gamma: -0.5 max_iter: 5 type: 'RMSProp' rms_decay: 0.98\n",
    }.Select(Encoding.UTF8.GetBytes)];

    public override IReadOnlyList<Mutation> Grammar { get; } =
    [
        new TextMutation("base_lr", "lr_policy", "\"fixed\"", "\"inv\"", "\"exp\"", "\"step\"", "\"poly\"", "max_iter: 0", "stepsize: 0", "power: -1", "gamma: nan", "\"AdaGrad\"", "\"AdaDelta\"", "\"L1\"", "momentum: 1.5", "base_lr: inf", "net: { a: 1 }"),
    ];

    public override string Read(byte[] input)
    {
        SolverSettings settings = CaffeSolver.Open(Scratch.Write("solver.prototxt", input));
        float rate = settings.Schedule.ToString()!.Length + settings.LearningRate;
        return $"{settings.Optimizer.GetType().Name} {settings.Schedule.GetType().Name} warnings {Math.Min(settings.Warnings.Length, 4)} {float.IsFinite(rate)}";
    }
}

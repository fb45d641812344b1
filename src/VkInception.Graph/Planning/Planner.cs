using System.Collections.Immutable;

namespace VkInception.Graph.Planning;

/// <summary>Turns a network into an <see cref="ExecutionPlan"/>: memory, levels, launches, barriers.</summary>
public sealed class Planner
{
    private readonly Network network;
    private readonly IKernelChooser chooser;
    private readonly Placement placement;
    private readonly Dictionary<Parameter, TensorView> parameters = [];

    private Planner(Network network, IKernelChooser chooser)
    {
        this.network = network;
        this.chooser = chooser;
        placement = new Placement(network);
        foreach (Parameter p in network.Parameters) parameters.Add(p, TensorView.Dense(p.Shape, new Storage(p.Name, p.Shape.Count, p)));
    }

    /// <summary>Plans one run of the network.</summary>
    public static ExecutionPlan Plan(Network network, IKernelChooser chooser) => new Planner(network, chooser).Plan();

    private ExecutionPlan Plan()
    {
        List<PlanStep> steps = Levelled();
        int levels = steps.Count == 0 ? 0 : steps[^1].Level + 1;
        var lifetimes = Lifetimes.Of(steps, network, placement, levels);
        (ImmutableArray<PlacedBlock> blocks, long bytes) = Arena.Place(lifetimes);
        return new ExecutionPlan(
            network, WithBarriers(steps, blocks), blocks, bytes,
            placement.Tensors.ToImmutableDictionary(t => t, t => placement[t]),
            [.. parameters.Values.Select(v => v.Storage)])
        {
            ParameterBytes = parameters.Values.Sum(v => v.Storage.Bytes),
        };
    }

    /// <summary>All launches, level by level; within a level the first launches of all nodes come before the second ones.</summary>
    private List<PlanStep> Levelled()
    {
        var levelOf = new Dictionary<Tensor, int>();
        var found = new List<(int Level, int Order, PlanStep Step)>();
        foreach (Tensor input in network.Inputs) levelOf[input] = -1;
        foreach (Node node in network.Nodes)
        {
            int inputs = node.Inputs.Select(t => levelOf[t]).DefaultIfEmpty(-1).Max();
            var tensors = new OpTensors(node, [.. node.Inputs.Select(t => placement[t])], [.. node.Outputs.Select(t => placement[t])], [.. node.Parameters.Select(p => parameters[p])]);
            List<PlanStep> launches = [.. node.Op.Forward(tensors).SelectMany(d => Resolve(node, inputs + 1, d))];
            foreach (Tensor output in node.Outputs) levelOf[output] = launches.Count > 0 ? inputs + 1 : inputs;
            found.AddRange(launches.Select((step, order) => (step.Level, order, step)));
        }
        return [.. found.OrderBy(f => f.Level).ThenBy(f => f.Order).Select(f => f.Step)];
    }

    private IEnumerable<PlanStep> Resolve(Node node, int level, Dispatch dispatch)
    {
        switch (dispatch)
        {
            case ShaderDispatch launch:
                return [new PlanStep(node, level, launch, launch.Kernel, "", false)];
            case ConvolutionDispatch work:
                KernelChoice choice = chooser.Choose(work);
                return choice.Launches.Select(launch => new PlanStep(node, level, launch, choice.Name, choice.Reason, false));
            default:
                throw new InvalidOperationException($"node {node}: no runtime for a {dispatch.GetType().Name}");
        }
    }

    private static ImmutableArray<PlanStep> WithBarriers(List<PlanStep> steps, ImmutableArray<PlacedBlock> blocks)
    {
        var hazards = new HazardTracker(blocks);
        return [.. steps.Select(step => step with { BarrierBefore = hazards.NeedsBarrier(step.Launch) })];
    }
}

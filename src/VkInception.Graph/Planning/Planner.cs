using System.Collections.Immutable;
using VkInception.Graph.Rewrites;
using VkInception.Graph.Training;

namespace VkInception.Graph.Planning;

/// <summary>Turns a network into an <see cref="ExecutionPlan"/>: memory, levels, launches, barriers. Plans of several threads do not touch each other: thread-safe.</summary>
public sealed class Planner
{
    private readonly Network network;
    private readonly IKernelChooser chooser;
    private readonly Placement placement;
    private readonly bool isHalf;
    private readonly Dictionary<(Parameter, ElementType), TensorView> parameters = [];

    private Planner(Network network, IKernelChooser chooser, Precision precision)
    {
        isHalf = precision == Precision.Half;
        ImmutableHashSet<Tensor> single = [];
        if (isHalf) (network, single) = WidenOutput.Apply(network);
        this.network = network;
        this.chooser = chooser;
        placement = new Placement(network, typeOf: t => isHalf && !single.Contains(t) ? ElementType.Float16 : ElementType.Float32);
    }

    /// <summary>Plans one run of the network.</summary>
    /// <param name="network">What runs.</param>
    /// <param name="chooser">Chooses convolution kernels.</param>
    /// <param name="precision"><see cref="Precision.Half"/> stores activations and multiplied weights in half and widens the output.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: a precision that is for training.</exception>
    public static ExecutionPlan Plan(Network network, IKernelChooser chooser, Precision precision = Precision.Single)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (precision is not (Precision.Single or Precision.Half))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{network.Name}: {precision} precision is for training; inference runs in single or half precision");
        return new Planner(network, chooser, precision).Plan();
    }

    private ExecutionPlan Plan()
    {
        ILookup<bool, PlanStep> launches = Levelled().ToLookup(IsPreparation);
        List<PlanStep> steps = [.. launches[false]];
        int levels = steps.Count == 0 ? 0 : steps[^1].Level + 1;
        var lifetimes = Lifetimes.Of(steps, network, placement, levels);
        (ImmutableArray<PlacedBlock> blocks, long bytes) = Arena.Place(lifetimes);
        ImmutableArray<Storage> stored = [.. parameters.Values.Select(v => v.Storage)];
        HashSet<Storage> read = [.. Touched(steps)], prepares = [.. Touched(launches[true])];
        Storage[] prepared = [.. prepares.Where(s => s.Parameter is null)], passing = [.. stored.Where(s => prepares.Contains(s) && !read.Contains(s))];
        return new ExecutionPlan(
            network, WithBarriers(steps, blocks), blocks, bytes,
            placement.Tensors.ToImmutableDictionary(t => t, t => placement[t]),
            stored)
        {
            Preparation = [.. launches[true]],
            PreparedStorages = [.. prepared],
            PassingStorages = [.. passing],
            ParameterBytes = stored.Concat(prepared).Except(passing).Sum(s => s.Bytes),
        };
    }

    private static IEnumerable<Storage> Touched(IEnumerable<PlanStep> steps) => steps.SelectMany(s => s.Launch.Tensors).Select(t => t.View.Storage);

    /// <summary>Whether a launch leaves the same behind whenever it runs: it writes a block that outlives the run, and in inference nothing but parameters decides what.</summary>
    private static bool IsPreparation(PlanStep step) => step.Launch.Tensors.All(t => t.View.Storage.IsResident);

    /// <summary>All launches, level by level; within a level the first launches of all nodes come before the second ones.</summary>
    private List<PlanStep> Levelled()
    {
        var levelOf = new Dictionary<Tensor, int>();
        var found = new List<(int Level, int Order, PlanStep Step)>();
        foreach (Tensor input in network.Inputs) levelOf[input] = -1;
        foreach (Node node in network.Nodes)
        {
            int inputs = node.Inputs.Select(t => levelOf[t]).DefaultIfEmpty(-1).Max();
            var tensors = new OpTensors(node, [.. node.Inputs.Select(t => placement[t])], [.. node.Outputs.Select(t => placement[t])], [.. node.Parameters.Select((p, i) => ViewOf(p, node.Op.IsHalved(i)))]);
            List<PlanStep> launches = [.. node.Op.Forward(tensors).SelectMany(d => Resolve(node, inputs + 1, d))];
            foreach (Tensor output in node.Outputs) levelOf[output] = launches.Count > 0 ? inputs + 1 : inputs;
            found.AddRange(launches.Select((step, order) => (step.Level, order, step)));
        }
        return [.. found.OrderBy(f => f.Level).ThenBy(f => f.Order).Select(f => f.Step)];
    }

    /// <summary>A parameter in the type that the operation takes; one that two operations take differently lies there twice.</summary>
    private TensorView ViewOf(Parameter parameter, bool multiplied)
    {
        ElementType type = isHalf && multiplied ? ElementType.Float16 : ElementType.Float32;
        if (!parameters.TryGetValue((parameter, type), out TensorView? view))
            parameters.Add((parameter, type), view = TensorView.Dense(parameter.Shape, new Storage(parameter.Name, parameter.Shape.Count, parameter, type: type)));
        return view;
    }

    private IEnumerable<PlanStep> Resolve(Node node, int level, Dispatch dispatch)
    {
        switch (dispatch)
        {
            case ShaderDispatch launch:
                return [new PlanStep(node, level, launch, launch.Kernel, "", false)];
            case ConvolutionDispatch work:
                KernelChoice choice = chooser.Choose(work);
                return choice.Launches.Select(launch => new PlanStep(node, level, launch, choice.Name, choice.Reason, false) { Selection = choice.Selection });
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

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Initializers;
using VkInception.Graph.Training.Schedules;
using VkInception.Training;
using VkInception.Training.Caffe;
using VkInception.Training.Recipes;

namespace VkInception.Cli.Training;

/// <summary>The words of <c>train</c> that say how weights change, for one batch and for data alike.</summary>
internal sealed class TrainingWords
{
    private readonly Option<string> recipe = Words.Among(Words.Text("--recipe", "NAME", "How a paper trained: every setting that no option of its own gives; printed in full"), [.. RecipeBook.All.Select(r => r.Name)]);
    private readonly Option<string> solver = Words.Text("--solver", "FILE", "A Caffe solver.prototxt: optimizer, learning rate, schedule, clipping, iterations and seed where no option of their own is given");
    private readonly Option<string> optimizer = Words.Text("--optimizer", "NAME[:KEY=VALUE,…]", "sgd (PyTorch's form; sgd:form=caffe, sgd:nesterov=yes), rmsprop, adam or adamw (default: sgd)");
    private readonly Option<float?> rate = Words.Real("--lr", 0, 1e6, "Learning rate (default: 0.01)");
    private readonly Option<string> schedule = Words.Text("--schedule", "NAME[:KEY=VALUE,…]", "Learning rate over time: constant, paper, step, poly, exponential, cosine; each takes warmup (default: constant)");
    private readonly Option<float?> momentum = Words.Real("--momentum", 0, 0.9999999, "Momentum of sgd and rmsprop (default: sgd 0.9)");
    private readonly Option<float?> decay = Words.Real("--weight-decay", 0, 10, "Share of each weight added to its gradient (default: 0.0002)");
    private readonly Option<float?> clip = Words.Real("--clip-norm", 0, 1e9, "Largest norm of all gradients together; 0 does not clip (default)");
    private readonly Option<float?> smoothing = Words.Real("--label-smoothing", 0, 0.999, "Share of each label spread over all classes (default: 0)");
    private readonly Option<float?> auxiliary = Words.Real("--aux-weight", 0, 100, "What each auxiliary head's loss counts for; 0 leaves the heads out (default: the network's own)");
    private readonly Option<float?> average = Words.Real("--ema", 0, 0.9999999, "Decay of a moving average of the weights, used for evaluation and as the result; 0 keeps none (default)");
    private readonly Option<string> groups = Words.Text("--parameter-groups", "NAME", "Multipliers per parameter: pytorch, bvlc (biases lr ×2, decay 0), no-decay-on-norm-and-bias (default: pytorch)");
    private readonly Option<string[]> rules = new("--lr-rule") { Description = "Multipliers of parameters by name, as 'conv1*:lr=0.1' or 'conv1*:lr=0.1,decay=0'; may be repeated, later ones win", HelpName = "PATTERN:lr=X" };
    private readonly Option<string[]> freeze = new("--freeze") { Description = "Parameters that stay as they are, by name: 'conv*'; may be repeated", HelpName = "PATTERN" };
    private readonly Option<bool> dropout = new("--no-dropout") { Description = "Train without dropout" };
    private readonly Option<bool> checkpointActivations = new("--checkpoint-activations") { Description = "Compute activations again in the backward pass instead of keeping them: less memory, more time" };
    private readonly Option<string> seed = Words.Text("--seed", "N", "Seed of initial weights, order, augmentation and dropout (default: 0)");
    private readonly Option<string> initializer = Words.Text("--init", "NAME", "Initial weights: bvlc, he, … (default: the network's own)");
    private readonly Option<bool> fromScratch = new("--from-scratch") { Description = "Ignore the weights that the network's own file holds" };

    public TrainingWords()
    {
        seed.Validators.Add(RefuseNoSeed);
        recipe.Validators.Add(result =>
        {
            if (result.GetResult(solver) is not null) result.AddError("--recipe and --solver both say how to train: give one of them");
        });
    }

    public IEnumerable<Option> All =>
        [recipe, solver, optimizer, rate, schedule, momentum, decay, clip, smoothing, auxiliary, average, groups, rules, freeze, dropout, checkpointActivations, seed, initializer, fromScratch];

    /// <summary>The options of the step, but batch, size and classes.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: a name that is none, or words that contradict each other.</exception>
    public TrainingOptions Step(ParseResult parsed, Network network)
    {
        ParameterGroups parameterGroups = ParameterGroups.Parse(Groups(parsed), parsed.GetValue(rules) ?? []);
        IReadOnlySet<Parameter> frozen = GlobPattern.SelectAll(parsed.GetValue(freeze) ?? [], network.Parameters, "--freeze");
        HashSet<string> frozenNames = [.. frozen.Select(p => p.Name)];
        return new TrainingOptions
        {
            Optimizer = Optimizer(parsed),
            Multipliers = parameterGroups.Multipliers,
            IsFrozen = parameter => frozenNames.Contains(parameter.Name),
            Smoothing = Smoothing(parsed),
            AuxiliaryWeight = AuxiliaryWeight(parsed),
            Average = Average(parsed) > 0,
            Dropout = !parsed.GetValue(dropout),
            CheckpointActivations = parsed.GetValue(checkpointActivations),
        };
    }

    /// <summary>Everything that shapes the run and that the step's options do not tell by themselves.</summary>
    public Dictionary<string, string> Settings(ParseResult parsed) => new()
    {
        ["parameter groups"] = string.Join(' ', [Groups(parsed), .. parsed.GetValue(rules) ?? []]),
        ["frozen"] = string.Join(' ', parsed.GetValue(freeze) ?? []),
    };

    public Schedule Schedule(ParseResult parsed) => parsed.GetValue(schedule) is { } text
        ? Graph.Training.Schedules.Schedule.Parse(text)
        : Solver(parsed)?.Schedule ?? Recipe(parsed)?.CreateSchedule() ?? new ConstantRate();

    public float LearningRate(ParseResult parsed) => parsed.GetValue(rate) ?? Solver(parsed)?.LearningRate ?? Recipe(parsed)?.LearningRate ?? 0.01f;

    public float ClipNorm(ParseResult parsed) => parsed.GetValue(clip) ?? Solver(parsed)?.ClipNorm ?? Recipe(parsed)?.ClipNorm ?? 0;

    /// <summary>What the solver's file says; null where none is named.</summary>
    /// <exception cref="VkInceptionException">The file cannot be read, or asks for what is not supported.</exception>
    public SolverSettings? Solver(ParseResult parsed) => parsed.GetValue(solver) is { } path ? CaffeSolver.Open(path) : null;

    /// <summary>What the recipe says where no option does; null where none is named.</summary>
    public Recipe? Recipe(ParseResult parsed) => parsed.GetValue(recipe) is { } name ? RecipeBook.Find(name) : null;

    public float Average(ParseResult parsed) => parsed.GetValue(average) ?? Recipe(parsed)?.AverageDecay ?? 0;

    public float Smoothing(ParseResult parsed) => parsed.GetValue(smoothing) ?? Recipe(parsed)?.Smoothing ?? 0;

    public float? AuxiliaryWeight(ParseResult parsed) => parsed.GetValue(auxiliary) ?? Recipe(parsed)?.AuxiliaryWeight;

    public string Groups(ParseResult parsed) => parsed.GetValue(groups) ?? Recipe(parsed)?.Groups ?? ParameterGroups.PyTorch;

    public ulong Seed(ParseResult parsed) => parsed.GetValue(seed) is { } text
        ? ulong.Parse(text, CultureInfo.InvariantCulture)
        : (ulong)Math.Max(0, Solver(parsed)?.Seed ?? 0);

    /// <summary>The weights to begin with, and what a person must know of them.</summary>
    public StartingWeights Weights(ParseResult parsed, Model model, Network network, Terminal terminal)
    {
        bool scratch = parsed.GetValue(fromScratch);
        if (scratch && model.Weights is not null)
            throw new VkInceptionException(ErrorCode.InvalidArgument, "--from-scratch and --weights contradict each other: give one of them");
        var weights = new StartingWeights(network, model.Weights as CheckpointWeights, new InitialWeights(Initializer(parsed, model), Seed(parsed)), scratch);
        if (weights.Replaced.Count > 0)
            terminal.Remark($"begins anew: {string.Join(", ", weights.Replaced.Select(p => $"{p.Name} {p.Shape}"))}");
        return weights;
    }

    /// <summary>What the weights begin with.</summary>
    public Initializer Initializer(ParseResult parsed, Model model)
        => (parsed.GetValue(initializer) ?? Recipe(parsed)?.Initialization) is { } name ? Graph.Training.Initializers.Initializer.Parse(name) : model.Card?.Initializer ?? Graph.Training.Initializers.Initializer.Default;

    /// <summary>How the weights change.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: words that contradict each other.</exception>
    public Optimizer Optimizer(ParseResult parsed)
    {
        // The solver's optimizer stands as it is: Caffe's form, with its momentum and decay.
        if (parsed.GetValue(optimizer) is null && Solver(parsed) is { } settings)
            return parsed.GetValue(momentum) is null && parsed.GetValue(decay) is null
                ? settings.Optimizer
                : throw new VkInceptionException(ErrorCode.InvalidArgument, $"{settings.Path}: holds momentum and weight decay; leave --momentum and --weight-decay out, or name an --optimizer");
        if (parsed.GetValue(optimizer) is null && Recipe(parsed) is { } own)
            return own.CreateOptimizer(parsed.GetValue(momentum), parsed.GetValue(decay));
        string text = parsed.GetValue(optimizer) ?? "sgd";
        float? given = parsed.GetValue(momentum);
        float? weightDecay = parsed.GetValue(decay) ?? (text.Contains("weight-decay=", StringComparison.Ordinal) ? null : Recipe(parsed)?.WeightDecay ?? 2e-4f);
        return Graph.Training.Optimizer.Parse(text, given, weightDecay);
    }

    private void RefuseNoSeed(OptionResult result)
    {
        if (result.Tokens.Count == 1 && !ulong.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            result.AddError($"--seed {result.Tokens[0].Value}: a whole number from 0 to {ulong.MaxValue} is needed");
    }
}

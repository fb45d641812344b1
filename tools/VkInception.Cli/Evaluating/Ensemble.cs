namespace VkInception.Cli.Evaluating;

/// <summary>The networks that are evaluated together, each with its weights and preprocessing.</summary>
internal sealed class Ensemble : IDisposable
{
    private readonly List<Model> members = [];

    private Ensemble()
    {
    }

    /// <summary>The networks.</summary>
    public IReadOnlyList<Model> Members => members;

    /// <summary>The classes' names as the first member that tells them does; empty where none does.</summary>
    public IReadOnlyList<string> ClassNames => members.Select(m => m.ClassNames).FirstOrDefault(names => names.Count > 0) ?? [];

    /// <summary>Loads it.</summary>
    /// <param name="models">Names or files of networks. One takes each of the checkpoints; of several, those that bring no weights of their own take the checkpoints in order.</param>
    /// <param name="weights">Checkpoints.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: checkpoints that no network takes, or classes that differ; what loading raises.</exception>
    public static Ensemble Load(IReadOnlyList<string> models, IReadOnlyList<string> weights)
    {
        var ensemble = new Ensemble();
        try
        {
            foreach ((string model, string? checkpoint) in Pairs(models, weights)) ensemble.members.Add(LoadedModel.WithWeights(model, checkpoint));
            ensemble.DemandSameClasses();
            return ensemble;
        }
        catch
        {
            ensemble.Dispose();
            throw;
        }
    }

    /// <summary>Which network takes which checkpoint.</summary>
    internal static IEnumerable<(string Model, string? Weights)> Pairs(IReadOnlyList<string> models, IReadOnlyList<string> weights)
    {
        if (models.Count == 1) return weights.Count == 0 ? [(models[0], null)] : weights.Select(w => (models[0], (string?)w));
        int wanted = models.Count(m => !BringsWeights(m));
        if (wanted != weights.Count)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"the ensemble needs {Counts.Of(wanted, "checkpoint")}, {weights.Count} given with --weights; an .onnx file brings its own weights, the others take those in order");
        var left = new Queue<string>(weights);
        return [.. models.Select(m => (m, BringsWeights(m) ? null : left.Dequeue()))];
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (Model member in members) member.Dispose();
    }

    private static bool BringsWeights(string model) => Path.GetExtension(model).Equals(".onnx", StringComparison.OrdinalIgnoreCase);

    private void DemandSameClasses()
    {
        Model? first = members.Find(m => m.ClassNames.Count > 0);
        foreach (Model other in members.Where(m => m.ClassNames.Count > 0 && m != first))
        {
            if (other.ClassNames.Count != first!.ClassNames.Count)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"{other.Name}: was trained on {other.ClassNames.Count} classes, {first.Name} on {first.ClassNames.Count}; the networks of an ensemble tell the same classes apart");
            for (int c = 0; c < first.ClassNames.Count; c++)
                if (other.ClassNames[c] != first.ClassNames[c])
                    throw new VkInceptionException(ErrorCode.InvalidArgument, $"{other.Name}: its class {c} is \"{other.ClassNames[c]}\", that of {first.Name} \"{first.ClassNames[c]}\"; the networks of an ensemble tell the same classes apart, in the same order");
        }
    }
}

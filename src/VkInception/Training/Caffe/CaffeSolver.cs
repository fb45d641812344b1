using System.Collections.Frozen;
using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Training.Caffe;

/// <summary>Reads a Caffe solver (<c>solver.prototxt</c>, <c>SolverParameter</c> of caffe.proto) as training options.</summary>
public static class CaffeSolver
{
    private const int MostWarnings = 20;

    // Neither of them changes what is learned here: how Caffe reports, where it computes, in which format it saves.
    private static readonly FrozenSet<string> harmless =
    [
        "display", "average_loss", "solver_mode", "device_id", "debug_info", "snapshot_after_train", "snapshot_format", "snapshot_diff",
        "test_iter", "test_initialization", "test_compute_loss", "layer_wise_reduce",
    ];

    private static readonly FrozenSet<string> read =
    [
        "net", "train_net", "type", "solver_type", "base_lr", "lr_policy", "gamma", "power", "stepsize", "stepvalue", "max_iter", "momentum", "momentum2",
        "delta", "rms_decay", "weight_decay", "regularization_type", "clip_gradients", "iter_size", "random_seed", "test_interval", "snapshot", "snapshot_prefix",
    ];

    /// <summary>Reads a file of at most 8 MiB.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedFormat"/> for a solver, policy or regularization that is not there (named, with those that are);
    /// <see cref="ErrorCode.FileDamaged"/> for a value out of range, with its line; and what <see cref="PrototxtDocument.Open"/> raises.</exception>
    public static SolverSettings Open(string path) => Read(PrototxtDocument.Open(path));

    /// <summary>Reads a definition.</summary>
    /// <exception cref="VkInceptionException">As <see cref="Open"/>.</exception>
    public static SolverSettings Read(PrototxtDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var fields = new SolverFields(document);
        if (!fields.Has("base_lr") && (fields.Has("layer") || fields.Has("layers")))
            throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{document.Source}: this is a network, not a solver; give its solver.prototxt");
        RefuseOtherRegularization(fields);
        int batches = fields.Count("iter_size") ?? 1;
        float clip = fields.Root.Float("clip_gradients") is { } norm && norm >= 0 ? fields.Number("clip_gradients", 0) : 0;
        return new SolverSettings
        {
            Path = document.Source,
            Net = fields.FileName("net") ?? fields.FileName("train_net"),
            Optimizer = SolverOptimizer.Read(fields),
            LearningRate = fields.Demand("base_lr"),
            Schedule = SolverSchedule.Read(fields),
            MaxIterations = fields.Count("max_iter"),
            ClipNorm = clip,
            BatchesPerStep = batches,
            // Caffe's -1 is chance.
            Seed = fields.Root.Int("random_seed") is { } seed && seed >= 0 ? seed : null,
            TestInterval = fields.Count("test_interval", zeroIsNone: true),
            SnapshotInterval = fields.Count("snapshot", zeroIsNone: true),
            SnapshotPrefix = fields.FileName("snapshot_prefix"),
            Warnings = [.. Warnings(fields, batches)],
        };
    }

    private static void RefuseOtherRegularization(SolverFields fields)
    {
        string kind = fields.Root.Text("regularization_type") ?? "L2";
        if (kind != "L2" && fields.Number("weight_decay", 0) > 0)
            throw fields.Unsupported("regularization_type", $"{SolverFields.Shown(kind)} is not supported; only L2 is");
    }

    private static IEnumerable<string> Warnings(SolverFields fields, int batches)
    {
        if (batches > 1)
            yield return $"{fields.At("iter_size")}: iter_size {batches}: gradients of several batches are not gathered; a batch {batches} times as large does the same";
        foreach (PrototxtField field in fields.Root.Fields.DistinctBy(f => f.Name).Where(f => !read.Contains(f.Name) && !harmless.Contains(f.Name)).Take(MostWarnings))
        {
            string name = SolverFields.Shown(field.Name), close = Closest.To(name.Trim('"'), read, 1)[0];
            yield return $"{fields.At(field.Name)}: {name} is not read (the closest that is: {close})";
        }
    }
}

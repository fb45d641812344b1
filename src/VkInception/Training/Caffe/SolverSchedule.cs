using System.Globalization;
using VkInception.Graph.Training.Schedules;

namespace VkInception.Training.Caffe;

/// <summary>The learning rate's course that a solver names (<c>lr_policy</c>; SGDSolver::GetLearningRate has the formulas).</summary>
internal static class SolverSchedule
{
    public static Schedule Read(SolverFields fields)
    {
        const string Policies = "fixed, step, exp, inv, multistep, poly or sigmoid";
        if (fields.Root.Text("lr_policy") is not { } policy)
            throw fields.Damaged("lr_policy", $"is missing; give {Policies}");
        Schedule schedule = policy switch
        {
            "fixed" => new ConstantRate(),
            "step" => new StepDecay(Short(fields.Demand("gamma", policy)), Steps(fields, policy)),
            "exp" => new ExponentialDecay(Short(fields.Demand("gamma", policy)), Period.Steps(1)),
            "inv" => new InverseDecay(Short(fields.Demand("gamma", policy)), Short(fields.Demand("power", policy))),
            "multistep" => new MultiStepDecay(Short(fields.Demand("gamma", policy)), IsEpochs: false, [.. Moments(fields)]),
            "poly" => Polynomial(fields),
            "sigmoid" => new SigmoidDecay(-Short(fields.Signed("gamma", policy)), Steps(fields, policy)),
            _ => throw fields.Unsupported("lr_policy", $"{SolverFields.Shown(policy)} is not supported; take {Policies}"),
        };
        return InRange(fields, schedule);
    }

    // A schedule is stored as text; what that refuses, a file may not bring in.
    private static Schedule InRange(SolverFields fields, Schedule schedule)
    {
        try
        {
            return Schedule.Parse(schedule.ToString());
        }
        catch (VkInceptionException e)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{fields.At("lr_policy")}: {e.Message}", e);
        }
    }

    /// <summary>The shortest decimal that is this float: 0.96, not 0.9599999785.</summary>
    private static double Short(float value) => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static Period Steps(SolverFields fields, string policy)
        => Period.Steps(fields.Count("stepsize") ?? throw fields.Damaged("stepsize", $"is missing; {policy} needs it"));

    private static PolynomialDecay Polynomial(SolverFields fields)
    {
        if (fields.Count("max_iter") is null) throw fields.Damaged("max_iter", "is missing; poly needs it");
        return new PolynomialDecay(Short(fields.Demand("power", "poly")));
    }

    private static IEnumerable<double> Moments(SolverFields fields)
    {
        const int Most = 10_000;
        IReadOnlyList<int> steps = fields.Root.Ints("stepvalue");
        if (steps.Count is 0 or > Most) throw fields.Damaged("stepvalue", steps.Count == 0 ? "is missing; multistep needs it" : $"stands {steps.Count} times; {Most} are enough");
        if (steps.Any(s => s < 0)) throw fields.Damaged("stepvalue", "must be at least 0");
        return steps.Select(s => (double)s);
    }
}

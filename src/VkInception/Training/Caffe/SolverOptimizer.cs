using VkInception.Graph.Training;
using VkInception.Graph.Training.Optimizers;

namespace VkInception.Training.Caffe;

/// <summary>The optimizer that a solver names (<c>type</c>, or <c>solver_type</c> in old files).</summary>
internal static class SolverOptimizer
{
    // Members of the old enumeration SolverParameter.SolverType by number.
    private static readonly string[] old = ["SGD", "NESTEROV", "ADAGRAD", "RMSPROP", "ADADELTA", "ADAM"];

    public static Optimizer Read(SolverFields fields)
    {
        float momentum = fields.Number("momentum", 0);
        string field = fields.Has("type") || !fields.Has("solver_type") ? "type" : "solver_type", type = TypeOf(fields, field);
        Optimizer optimizer = type.ToUpperInvariant() switch
        {
            "SGD" => new Sgd { IsCaffe = true, Momentum = momentum },
            "NESTEROV" => new Sgd { IsCaffe = true, Momentum = momentum, Nesterov = momentum > 0 },
            // Caffe has epsilon outside the root, as PyTorch.
            "RMSPROP" => new RmsProp { IsTensorFlow = false, Momentum = 0, Alpha = fields.Number("rms_decay", 0.99f), Epsilon = fields.Number("delta", 1e-8f) },
            "ADAM" => new Adam { Beta1 = momentum, Beta2 = fields.Number("momentum2", 0.999f), Epsilon = fields.Number("delta", 1e-8f) },
            _ => throw fields.Unsupported(field, $"{SolverFields.Shown(type)} is not supported; take SGD, Nesterov, RMSProp or Adam"),
        };
        if (optimizer is RmsProp && momentum > 0) throw fields.Damaged("momentum", "cannot be used with RMSProp in Caffe; remove it");
        return Checked(fields, optimizer with { WeightDecay = fields.Number("weight_decay", 0) });
    }

    private static string TypeOf(SolverFields fields, string field)
    {
        if (field == "type") return fields.Root.Text("type") ?? "SGD";
        string written = fields.Root.Fields.Last(f => f.Name == field).Text;
        if (written.Length == 0 || !char.IsAsciiDigit(written[0])) return fields.Root.Text(field)!;
        int number = fields.Root.Int(field)!.Value;
        return number < old.Length ? old[number] : written;
    }

    private static Optimizer Checked(SolverFields fields, Optimizer optimizer)
    {
        try
        {
            optimizer.Check();
            return optimizer;
        }
        catch (VkInceptionException e)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{fields.At("type")}: {e.Message}", e);
        }
    }
}

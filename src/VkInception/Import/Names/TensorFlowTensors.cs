using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import.Names;

/// <summary>Tensors as TensorFlow lays them out, put in the order of a network's parameters.</summary>
internal sealed class TensorFlowTensors(Network network)
{
    private readonly Dictionary<string, Parameter> wanted = network.Parameters.ToDictionary(p => p.Name);
    private readonly HashSet<string> norms = [];
    private readonly HashSet<string> scaled = [];

    /// <summary>A convolution's filter: H W I O is O I H W here.</summary>
    public static NamedTensor Filter(NamedTensor tensor, string key) => tensor.Shape.Length == 4 ? tensor.Permuted(key, 3, 2, 0, 1) : tensor;

    /// <summary>A classifier's matrix: I O, or 1 1 I O of a 1×1 convolution, is O I here.</summary>
    public static NamedTensor Matrix(NamedTensor tensor, string key) => tensor.Shape switch
    {
        { Length: 2 } => tensor.Permuted(key, 1, 0),
        { Length: 4 } shape when shape[0] == 1 && shape[1] == 1 => tensor.WithShape([shape[2], shape[3]]).Permuted(key, 1, 0),
        _ => tensor,
    };

    /// <summary>A tensor of a batch norm; null where it is no such.</summary>
    public NamedTensor? Norm(NamedTensor tensor, string part, string norm)
    {
        string? suffix = part switch { "gamma" => "weight", "beta" => "bias", "moving_mean" => "running_mean", "moving_variance" => "running_var", _ => null };
        if (suffix is null) return null;
        norms.Add(norm);
        if (suffix == "weight") scaled.Add(norm);
        return tensor.WithName($"{norm}.{suffix}");
    }

    /// <summary>The scales that the file leaves out because they are all 1.</summary>
    public IEnumerable<NamedTensor> MissingScales(ICollection<string> notes)
    {
        string[] missing = [.. norms.Where(n => !scaled.Contains(n) && wanted.ContainsKey(n + ".weight"))];
        if (missing.Length > 0) notes.Add($"{missing.Length} batch norms have no gamma: 1 is taken");
        return missing.Select(n => wanted[n + ".weight"]).Select(p => NamedTensor.FromFloat32(p.Name, p.Shape.Dims, Ones((int)p.Shape.Count)));
    }

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }
}

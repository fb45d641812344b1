using System.Globalization;
using System.Text.RegularExpressions;
using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import.Names;

/// <summary>TF-slim's Inception v3 and v4: <c>InceptionV3/Mixed_5b/Branch_1/Conv2d_0b_5x5/BatchNorm/moving_mean</c>, filters H W I O, 1001 classes.</summary>
/// <remarks>Slim's names within a branch are not regular (<c>Conv_1_0c_5x5</c>), but their letters are in order: the n-th convolution of a branch is the n-th here.</remarks>
internal sealed partial class SlimNames : NameMap
{
    /// <summary>What a layer's weights are called; anything else is an optimizer's state or a constant of the arithmetic.</summary>
    private static readonly string[] parts = ["weights", "biases", "gamma", "beta", "moving_mean", "moving_variance"];

    protected override bool Applies(string model, Checkpoint checkpoint) => ScopeOf(model) is { } scope && checkpoint.Tensors.Any(t => Plain(t.Name).StartsWith(scope, StringComparison.Ordinal));

    protected override IEnumerable<NamedTensor> Translate(Checkpoint checkpoint, string model, Network network, ICollection<string> notes)
    {
        string scope = ScopeOf(model)!;
        notes.Add("TF-slim's names and layout (H W I O) put into the network's");
        notes.Add("TF-slim's average pools do not count their padding" + (model == "inception_v3" ? ", torchvision's here do: logits are not TensorFlow's to the last digit" : ""));
        Dictionary<string, string> layers = Layers(checkpoint, model, scope);
        var tensors = new TensorFlowTensors(network);
        var dropped = new List<string>();
        var translated = new List<NamedTensor>();
        foreach (NamedTensor tensor in checkpoint.Tensors)
        {
            string name = Plain(tensor.Name);
            if (!name.StartsWith(scope, StringComparison.Ordinal) || !parts.Contains(name[(name.LastIndexOf('/') + 1)..]) || (model == "inception_v4" && name.StartsWith(scope + "AuxLogits/", StringComparison.Ordinal)))
                dropped.Add(tensor.Name);
            else
                translated.Add(Translate(tensor, name[scope.Length..], layers, tensors));
        }
        if (dropped.Count > 0) notes.Add($"dropped: {string.Join(", ", dropped.Take(8))}{(dropped.Count > 8 ? $" and {dropped.Count - 8} more" : "")}");
        return translated.Concat(tensors.MissingScales(notes));
    }

    private static NamedTensor Translate(NamedTensor tensor, string name, Dictionary<string, string> layers, TensorFlowTensors tensors)
    {
        int slash = name.LastIndexOf('/');
        string owner = name[..Math.Max(slash, 0)], part = name[(slash + 1)..];
        if (owner.EndsWith("/BatchNorm", StringComparison.Ordinal) && layers.TryGetValue(owner[..^"/BatchNorm".Length], out string? normed))
            return tensors.Norm(tensor, part, normed + ".bn") ?? tensor;
        if (!layers.TryGetValue(owner, out string? layer)) return tensor;
        bool isClassifier = layer is "fc" or "AuxLogits.fc" or "last_linear";
        return part switch
        {
            "weights" => isClassifier ? TensorFlowTensors.Matrix(tensor, layer + ".weight") : TensorFlowTensors.Filter(tensor, layer + ".conv.weight"),
            "biases" => tensor.WithName(layer + ".bias"),
            _ => tensor,
        };
    }

    /// <summary>Slim's convolutions by their path below the scope, and what they are here.</summary>
    private static Dictionary<string, string> Layers(Checkpoint checkpoint, string model, string scope)
    {
        Dictionary<string, string> layers = model == "inception_v3"
            ? new() { ["Logits/Conv2d_1c_1x1"] = "fc", ["AuxLogits/Conv2d_1b_1x1"] = "AuxLogits.conv0", ["AuxLogits/Conv2d_2a_5x5"] = "AuxLogits.conv1", ["AuxLogits/Conv2d_2b_1x1"] = "AuxLogits.fc" }
            : new() { ["Logits/Logits"] = "last_linear", ["Conv2d_1a_3x3"] = "features.0", ["Conv2d_2a_3x3"] = "features.1", ["Conv2d_2b_3x3"] = "features.2" };
        if (model == "inception_v3")
            foreach (string stem in InceptionLayout.StemV3) layers.Add(stem, stem);
        ILookup<string, string> branches = Branches(checkpoint, scope);
        IEnumerable<(string Module, string Own, string[][] Branches)> modules = model == "inception_v3"
            ? InceptionLayout.ModulesV3.Select(m => (m.Module, m.Module, m.Branches))
            : InceptionLayout.ModulesV4.Select(m => (m.Module, string.Create(CultureInfo.InvariantCulture, $"features.{m.Number}"), m.Branches));
        foreach ((string module, string own, string[][] names) in modules)
        {
            for (int b = 0; b < names.Length; b++)
            {
                string branch = string.Create(CultureInfo.InvariantCulture, $"{module}/Branch_{b}");
                foreach ((string theirs, string ours) in branches[branch].Zip(names[b])) layers.Add($"{branch}/{theirs}", $"{own}.{ours}");
            }
        }
        return layers;
    }

    /// <summary>The convolutions of every branch in their order.</summary>
    private static ILookup<string, string> Branches(Checkpoint checkpoint, string scope) => checkpoint.Tensors
        .Select(t => Convolution().Match(Plain(t.Name))).Where(m => m.Success && m.Groups["scope"].Value == scope)
        .Select(m => (Branch: m.Groups["branch"].Value, Name: m.Groups["name"].Value, Order: m.Groups["order"].Value)).Distinct()
        .OrderBy(c => c.Order, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal)
        .ToLookup(c => c.Branch, c => c.Name);

    private static string? ScopeOf(string model) => model switch { "inception_v3" => "InceptionV3/", "inception_v4" => "InceptionV4/", _ => null };

    /// <summary>A variable's name without the output's number behind it.</summary>
    private static string Plain(string name) => name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;

    [GeneratedRegex(@"^(?<scope>Inception\w+/)(?<branch>Mixed_\d\w/Branch_\d)/(?<name>\w*_(?<order>\d[a-z])_\dx\d)/weights$", RegexOptions.CultureInvariant)]
    private static partial Regex Convolution();
}

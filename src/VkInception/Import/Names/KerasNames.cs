using System.Globalization;
using System.Text.RegularExpressions;
using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import.Names;

/// <summary>Keras' Inception v3 and what tfjs makes of it: <c>conv2d_17/kernel</c>, <c>batch_normalization_17/moving_mean</c>, <c>predictions/kernel</c>; filters H W I O.</summary>
/// <remarks>Layers are numbered as they were made, from wherever the counter stood; the n-th here is the n-th there. There is no auxiliary head and no gamma.</remarks>
internal sealed partial class KerasNames : NameMap
{
    protected override bool Applies(string model, Checkpoint checkpoint)
        => model == "inception_v3" && checkpoint.Tensors.Any(t => Numbered().IsMatch(t.Name)) && checkpoint.Tensors.Any(t => Classifier().IsMatch(t.Name));

    protected override IEnumerable<NamedTensor> Translate(Checkpoint checkpoint, string model, Network network, ICollection<string> notes)
    {
        notes.Add("Keras' names and layout (H W I O) put into the network's; layers correspond by their numbers");
        string[] own = [.. InceptionLayout.StemV3, .. InceptionLayout.ModulesV3.SelectMany(m => m.Branches.SelectMany(b => b).Select(c => $"{m.Module}.{c}"))];
        Dictionary<string, int> convolutions = Ranks(checkpoint, "conv2d"), norms = Ranks(checkpoint, "batch_normalization");
        var tensors = new TensorFlowTensors(network);
        var translated = new List<NamedTensor>();
        NamedTensor[] tensorsOfLayers = [.. checkpoint.Tensors.Where(t => !t.Name.StartsWith("optimizer_weights/", StringComparison.Ordinal))];
        if (tensorsOfLayers.Length < checkpoint.Tensors.Count) notes.Add($"dropped: {checkpoint.Tensors.Count - tensorsOfLayers.Length} tensors of the optimizer's state");
        foreach (NamedTensor tensor in tensorsOfLayers)
        {
            Match layer = Numbered().Match(tensor.Name), last = Classifier().Match(tensor.Name);
            string part = layer.Groups["part"].Value, name = layer.Groups["layer"].Value;
            if (last.Success) translated.Add(last.Groups["part"].Value == "kernel" ? TensorFlowTensors.Matrix(tensor, "fc.weight") : tensor.WithName("fc.bias"));
            else if (part == "kernel" && convolutions.TryGetValue(name, out int c) && c < own.Length) translated.Add(TensorFlowTensors.Filter(tensor, own[c] + ".conv.weight"));
            else if (norms.TryGetValue(name, out int n) && n < own.Length && tensors.Norm(tensor, part, own[n] + ".bn") is { } norm) translated.Add(norm);
            else translated.Add(tensor);
        }
        return translated.Concat(tensors.MissingScales(notes));
    }

    /// <summary>The layers of one kind by name, and where each stands among them.</summary>
    private static Dictionary<string, int> Ranks(Checkpoint checkpoint, string kind) => checkpoint.Tensors
        .Select(t => Numbered().Match(t.Name)).Where(m => m.Success && m.Groups["kind"].Value == kind)
        .Select(m => (Name: m.Groups["layer"].Value, Number: m.Groups["number"].Success ? int.Parse(m.Groups["number"].Value, CultureInfo.InvariantCulture) : 0))
        .Distinct().OrderBy(l => l.Number).Select((l, i) => (l.Name, i)).ToDictionary();

    [GeneratedRegex(@"^(?:.*/)?(?<layer>(?<kind>conv2d|batch_normalization)(?:_(?<number>\d{1,6}))?)/(?<part>\w+)(?::0)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^(?:.*/)?predictions/(?<part>kernel|bias)(?::0)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Classifier();
}

using System.Globalization;
using System.Text.RegularExpressions;
using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Weights;

namespace VkInception.Import.Names;

/// <summary>
/// Keras' Inception v3 under the places of its layers in the model: <c>layers/conv2d_3/vars/0</c> of Keras 3's <c>.weights.h5</c>
/// (<c>_layer_checkpoint_dependencies/</c> in TensorFlow 2.13), <c>layer_with_weights-6/kernel/.ATTRIBUTES/VARIABLE_VALUE</c> of TensorFlow 2's checkpoints of objects.
/// </summary>
/// <remarks>The numbers say nothing of when a layer was made: <c>conv2d_3</c> is the fourth of its kind in the order of <see cref="KerasOrder"/>. Filters are H W I O.</remarks>
internal sealed partial class KerasObjectNames : NameMap
{
    /// <summary>Keras 3 numbers a layer's variables in the order in which the layer makes them.</summary>
    private static readonly string[] ofLayer = ["kernel", "bias"], ofNorm = ["gamma", "beta", "moving_mean", "moving_variance"];

    /// <summary>Whether a tensor's name is of one of these two layouts.</summary>
    public static bool Matches(string name) => Placed().IsMatch(name) || Counted().IsMatch(name);

    protected override bool Applies(string model, Checkpoint checkpoint) => model == "inception_v3" && checkpoint.Tensors.Any(t => Matches(t.Name));

    protected override IEnumerable<NamedTensor> Translate(Checkpoint checkpoint, string model, Network network, ICollection<string> notes)
    {
        notes.Add("Keras' names and layout (H W I O) put into the network's; layers correspond by their places in the model");
        Node[] layers = [.. KerasOrder.Of(network).Where(n => n.Parameters.Length > 0)];
        ILookup<string, Node> kinds = layers.ToLookup(n => n.Op switch { Conv2d => "conv2d", BatchNorm2d => "batch_normalization", Linear => "dense", _ => n.Op.Type });
        Dictionary<string, int> counts = checkpoint.Tensors.Select(t => Counted().Match(t.Name)).Where(m => m.Success)
            .GroupBy(m => m.Groups["layer"].Value).ToDictionary(g => g.Key, g => g.Count());
        var tensors = new TensorFlowTensors(network);
        var translated = new List<NamedTensor>();
        NamedTensor[] kept = [.. checkpoint.Tensors.Where(t => !OfTraining().IsMatch(t.Name))];
        if (kept.Length < checkpoint.Tensors.Count) notes.Add($"dropped: {checkpoint.Tensors.Count - kept.Length} tensors of the optimizer's state");
        foreach (NamedTensor tensor in kept)
        {
            Match placed = Placed().Match(tensor.Name), counted = Counted().Match(tensor.Name);
            (Node? layer, string part) = placed.Success ? (layers.ElementAtOrDefault(Number(placed)), placed.Groups["part"].Value)
                : counted.Success ? (kinds[counted.Groups["kind"].Value].ElementAtOrDefault(Number(counted)), Part(counted, counts))
                : (null, "");
            translated.Add((layer is null ? null : Translate(tensor, layer, part, tensors)) ?? tensor);
        }
        return translated.Concat(tensors.MissingScales(notes));
    }

    private static NamedTensor? Translate(NamedTensor tensor, Node layer, string part, TensorFlowTensors tensors) => (layer.Op, part) switch
    {
        (Conv2d, "kernel") => TensorFlowTensors.Filter(tensor, layer.Name + ".weight"),
        (Linear, "kernel") => TensorFlowTensors.Matrix(tensor, layer.Name + ".weight"),
        (Conv2d or Linear, "bias") => tensor.WithName(layer.Name + ".bias"),
        (BatchNorm2d, _) => tensors.Norm(tensor, part, layer.Name),
        _ => null,
    };

    /// <summary>A norm without gamma begins with beta.</summary>
    private static string Part(Match name, Dictionary<string, int> counts)
    {
        int number = int.Parse(name.Groups["part"].Value, CultureInfo.InvariantCulture);
        return name.Groups["kind"].Value != "batch_normalization" ? ofLayer.ElementAtOrDefault(number) ?? ""
            : ofNorm.ElementAtOrDefault(number + (counts[name.Groups["layer"].Value] < ofNorm.Length ? 1 : 0)) ?? "";
    }

    private static int Number(Match name) => name.Groups["number"].Success ? int.Parse(name.Groups["number"].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?:.*/)?layer_with_weights-(?<number>\d{1,6})/(?<part>\w+)/\.ATTRIBUTES/VARIABLE_VALUE$", RegexOptions.CultureInvariant)]
    private static partial Regex Placed();

    [GeneratedRegex(@"^(?<layer>(?:.*/)?(?:layers|_layer_checkpoint_dependencies)/(?<kind>conv2d|batch_normalization|dense)(?:_(?<number>\d{1,6}))?)/vars/(?<part>\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Counted();

    [GeneratedRegex(@"^(?:.*/)?(?:_?optimizer/|save_counter/|keras_api/)|/\.OPTIMIZER_SLOT/", RegexOptions.CultureInvariant)]
    private static partial Regex OfTraining();
}

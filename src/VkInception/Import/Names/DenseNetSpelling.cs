using System.Text.RegularExpressions;
using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import.Names;

/// <summary>torchvision's released DenseNets: <c>denselayer1.norm.1.weight</c> for <c>denselayer1.norm1.weight</c>, from when module names could have points in them.</summary>
internal sealed partial class DenseNetSpelling : NameMap
{
    protected override bool MixesWithOwn => true;

    protected override bool Applies(string model, Checkpoint checkpoint)
        => model.StartsWith("densenet", StringComparison.Ordinal) && checkpoint.Tensors.Any(t => Old().IsMatch(t.Name));

    protected override IEnumerable<NamedTensor> Translate(Checkpoint checkpoint, string model, Network network, ICollection<string> notes)
    {
        notes.Add("old spelling put right: norm.1 is norm1, conv.2 is conv2 in every dense layer");
        return checkpoint.Tensors.Select(t => t.WithName(Old().Replace(t.Name, "$1$2")));
    }

    [GeneratedRegex(@"^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\.(?:weight|bias|running_mean|running_var|num_batches_tracked))$", RegexOptions.CultureInvariant)]
    private static partial Regex Old();
}

using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import.Names;

/// <summary>How another framework, or an older release, names and lays out the tensors of one of the zoo's networks. One file per layout.</summary>
internal abstract class NameMap
{
    private static readonly NameMap[] all = [new DenseNetSpelling(), new CaffeNames(), new SlimNames(), new KerasNames(), new KerasObjectNames()];

    /// <summary>The checkpoint under the network's own names, where its tensors have those of a layout that is known; the checkpoint as it is otherwise.</summary>
    /// <param name="checkpoint">Read in place; what is returned owns the file.</param>
    /// <param name="model">The zoo's name of the network.</param>
    /// <param name="network">The network, auxiliary heads included.</param>
    public static Checkpoint Translate(Checkpoint checkpoint, string model, Network network)
    {
        if (network.Parameters.Any(p => checkpoint.TryGet(p.Name, out _)) && !Array.Exists(all, m => m.MixesWithOwn && m.Applies(model, checkpoint))) return checkpoint;
        if (Array.Find(all, m => m.Applies(model, checkpoint)) is not { } map) return checkpoint;
        var notes = new List<string>();
        NamedTensor[] tensors = [.. map.Translate(checkpoint, model, network, notes)];
        return checkpoint.With(tensors, notes);
    }

    /// <summary>Whether only some keys are spelt otherwise, the others are the network's own.</summary>
    protected virtual bool MixesWithOwn => false;

    /// <summary>Whether the checkpoint's names are of this layout, and the network one that it is known for.</summary>
    protected abstract bool Applies(string model, Checkpoint checkpoint);

    /// <summary>The tensors under the network's names; those that it does not know stay as they are, to be named as extra.</summary>
    /// <param name="checkpoint">The file.</param>
    /// <param name="model">The zoo's name of the network.</param>
    /// <param name="network">The network.</param>
    /// <param name="notes">Takes what was done and what was dropped, one line each.</param>
    protected abstract IEnumerable<NamedTensor> Translate(Checkpoint checkpoint, string model, Network network, ICollection<string> notes);
}

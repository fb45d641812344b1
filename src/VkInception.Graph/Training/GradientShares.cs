using VkInception.Graph.Planning;

namespace VkInception.Graph.Training;

/// <summary>The launches of the backward pass, in which pointwise convolutions that read the same tensor add their shares of its gradient in one launch: their data gradients are held back until somebody else needs the gradient.</summary>
internal sealed class GradientShares(LaunchList launches)
{
    private readonly List<(Node Node, ConvolutionBackwardData Work)> held = [];

    /// <summary>Adds the launches of one node; what is held back comes before the first that touches its gradient.</summary>
    public void Add(Node node, IEnumerable<Dispatch> dispatches)
    {
        foreach (Dispatch dispatch in dispatches)
        {
            if (dispatch is ConvolutionBackwardData { IsPointwise: true } work)
            {
                Hold(node, work);
                continue;
            }
            Release(dispatch);
            launches.Add(node, Phase.Backward, [dispatch]);
        }
    }

    /// <summary>Adds everything that is held back.</summary>
    public void Release()
    {
        foreach ((Node node, ConvolutionBackwardData work) in held) launches.Add(node, Phase.Backward, [work]);
        held.Clear();
    }

    private void Hold(Node node, ConvolutionBackwardData work)
    {
        int same = held.FindIndex(h => h.Work.Dx.View == work.Dx.View && work.Dx.Accumulate);
        if (same < 0)
        {
            Release(work);
            held.Add((node, work));
            return;
        }
        ConvolutionBackwardData first = held[same].Work;
        held[same] = (node, first with { Others = first.Others.Add(new ConvolutionShare(work.Dy, work.W)), Dx = first.Dx with { Clamped = work.Dx.Clamped } });
    }

    /// <summary>Adds what <paramref name="dispatch"/> would come too early for.</summary>
    private void Release(Dispatch dispatch)
    {
        for (int i = 0; i < held.Count;)
        {
            (Node node, ConvolutionBackwardData work) = held[i];
            if (dispatch.Tensors.All(t => t.View.Storage != work.Dx.View.Storage))
            {
                i++;
                continue;
            }
            held.RemoveAt(i);
            launches.Add(node, Phase.Backward, [work]);
        }
    }
}

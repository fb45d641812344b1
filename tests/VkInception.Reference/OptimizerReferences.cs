using VkInception.Graph.Training;
using VkInception.Graph.Training.Optimizers;

namespace VkInception.Reference;

/// <summary>One update of one weight by every optimizer, in double precision.</summary>
public static class OptimizerReferences
{
    /// <summary>The new weight; finds the overload of <c>Step</c> that takes the optimizer.</summary>
    /// <param name="optimizer">Its constants; the weight decay is given apart, with its multiplier.</param>
    /// <param name="w">The weight.</param>
    /// <param name="g">Its gradient, unscaled and clipped.</param>
    /// <param name="state">The optimizer's state of this weight; updated.</param>
    /// <param name="rate">Learning rate with its multiplier.</param>
    /// <param name="decay">Weight decay with its multiplier.</param>
    /// <param name="update">Number of the update, from 1.</param>
    public static double Update(Optimizer optimizer, double w, double g, Span<double> state, double rate, double decay, long update) => optimizer switch
    {
        Sgd sgd => Step(sgd, w, g, state, rate, decay),
        _ => throw new ArgumentException(optimizer.Name),
    };

    private static double Step(Sgd o, double w, double g, Span<double> state, double rate, double decay)
    {
        g += decay * w;
        if (o.Momentum == 0) return w - rate * g;
        double inside = o.IsCaffe ? rate : 1, outside = o.IsCaffe ? 1 : rate;
        state[0] = o.Momentum * state[0] + inside * g;
        return w - outside * (o.Nesterov ? inside * g + o.Momentum * state[0] : state[0]);
    }
}

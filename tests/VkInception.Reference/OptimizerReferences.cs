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
        RmsProp rms => Step(rms, w, g, state, rate, decay, update),
        Adam adam => Step(adam, w, g, state, rate, decay, update),
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

    private static double Step(RmsProp o, double w, double g, Span<double> state, double rate, double decay, long update)
    {
        g += decay * w;
        state[0] = o.Alpha * state[0] + (1.0 - o.Alpha) * g * g;
        // TensorFlow's mean square begins at one; after so many updates alpha^t of that is left.
        double change = o.IsTensorFlow
            ? rate * g / Math.Sqrt(state[0] + Math.Pow(o.Alpha, update) + o.Epsilon)
            : g / (Math.Sqrt(state[0]) + o.Epsilon);
        if (o.Momentum > 0) change = state[1] = o.Momentum * state[1] + change;
        return w - (o.IsTensorFlow ? 1 : rate) * change;
    }

    private static double Step(Adam o, double w, double g, Span<double> state, double rate, double decay, long update)
    {
        if (o.IsDecoupled) w -= rate * decay * w;
        else g += decay * w;
        state[0] = o.Beta1 * state[0] + (1.0 - o.Beta1) * g;
        state[1] = o.Beta2 * state[1] + (1.0 - o.Beta2) * g * g;
        double mean = state[0] / (1 - Math.Pow(o.Beta1, update)), square = state[1] / (1 - Math.Pow(o.Beta2, update));
        return w - rate * mean / (Math.Sqrt(square) + o.Epsilon);
    }
}

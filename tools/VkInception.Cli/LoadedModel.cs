using VkInception.Weights;

namespace VkInception.Cli;

/// <summary>Loads the network that a command names, and says in one line what is missing.</summary>
internal static class LoadedModel
{
    /// <summary>A network with its weights.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.WeightMismatch"/> where it has none; what loading raises.</exception>
    public static Model WithWeights(string name, string? weights)
    {
        Model model = Model.Load(name, weights);
        if (model.HasWeights)
            return model;
        model.Dispose();
        string released = model.Card is { } card ? $" Released weights: {card.Weights}." : "";
        throw new VkInceptionException(ErrorCode.WeightMismatch, $"{name} comes without weights: name a checkpoint with --weights FILE.{released}");
    }

    /// <summary>Says that a result is not finite.</summary>
    public static void WarnOfDamagedResult(Terminal terminal) => terminal.Warn("the result holds NaN or infinite values");

    /// <summary>One line for a tensor with elements that are not finite.</summary>
    public static void WarnUnlessFinite(string file, string tensor, TensorStatistics statistics, Terminal terminal)
    {
        if (!statistics.AllFinite)
            terminal.Warn($"{file}: {tensor}: {Counts.Of(statistics.NaNCount, "NaN")}, {Counts.Of(statistics.InfinityCount, "infinite element")}");
    }
}

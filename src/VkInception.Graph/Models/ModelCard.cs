using VkInception.Graph.Training.Initializers;

namespace VkInception.Graph.Models;

/// <summary>What there is to know of a zoo network, and how to build it.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">One line of description.</param>
/// <param name="Paper">Where it was published.</param>
/// <param name="Year">When.</param>
/// <param name="Input">How a photo becomes its input.</param>
/// <param name="Published">Published accuracy, in words; top-1 / top-5 on ImageNet's validation set, one centre crop, unless it says otherwise.</param>
/// <param name="Weights">Where the released weights are to be had and what differs in them.</param>
/// <param name="AuxiliaryPrefixes">Prefixes of the keys of auxiliary heads: a checkpoint may lack them.</param>
/// <param name="Build">Builds the network.</param>
public sealed record ModelCard(
    string Name, string Title, string Paper, int Year, ImageInput Input, string Published, string Weights,
    IReadOnlyList<string> AuxiliaryPrefixes, Func<ModelOptions, Network> Build)
{
    /// <summary>Trained parameters of the network at its own size, auxiliary heads not counted.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-adds for one image of its own size, auxiliary heads not counted.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>Published top-1 accuracy in percent, on the data set of <see cref="Published"/>; null where none is.</summary>
    public double? Top1 { get; init; }

    /// <summary>Published top-5 accuracy in percent; null where none is.</summary>
    public double? Top5 { get; init; }

    /// <summary>What each auxiliary head's loss counts for in training, beside the classifier's.</summary>
    public float AuxiliaryLossWeight { get; init; } = 0.3f;

    /// <summary>What training from nothing begins with.</summary>
    public Initializer Initializer { get; init; } = Initializer.Default;
}

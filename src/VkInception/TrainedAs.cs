using System.Text.Json;
using VkInception.Graph;
using VkInception.Graph.Rewrites;
using VkInception.Training;
using VkInception.Weights;

namespace VkInception;

/// <summary>What a checkpoint tells about the network that it was trained as: how many classes and which, and what images it takes.</summary>
/// <param name="Classes">Number of classes; 0 where the network's own number holds.</param>
/// <param name="ClassNames">Their names in order; empty where the checkpoint does not say.</param>
/// <param name="Input">How images become its input; null where the checkpoint does not say.</param>
internal sealed record TrainedAs(int Classes, IReadOnlyList<string> ClassNames, ImageInput? Input)
{
    /// <summary>Reads what <c>train</c> stores beside the weights; the number of classes is seen from the classifier's shape in any checkpoint.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the metadata cannot be read.</exception>
    public static TrainedAs Read(Checkpoint checkpoint, Func<Network> own)
    {
        try
        {
            string[] names = checkpoint.Metadata.TryGetValue("classes", out string? classes) ? JsonSerializer.Deserialize(classes, TrainingJson.Default.StringArray) ?? [] : [];
            ImageInput? input = checkpoint.Metadata.TryGetValue("imageInput", out string? text) ? JsonSerializer.Deserialize(text, TrainingJson.Default.ImageInput) : null;
            if (Array.Exists(names, name => name is null)) throw new FormatException("a class has no name");
            if (input is not null) Check(input);
            return new TrainedAs(names.Length > 0 ? names.Length : ClassesIn(checkpoint, own()), names, input);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{checkpoint.Path}: its metadata cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static void Check(ImageInput input)
    {
        const int LargestSide = 16384;
        int channels = input.Order == ChannelOrder.Gray ? 1 : 3;
        if (input.Width is < 1 or > LargestSide || input.Height is < 1 or > LargestSide || input.ResizeTo is < 1 or > LargestSide || input.Mean?.Count != channels || input.Deviation?.Count != channels)
            throw new FormatException("imageInput states no image that a network could take");
    }

    /// <summary>Outputs of the classifier in the checkpoint; 0 where it has none of that name and depth, which the comparison then reports.</summary>
    private static int ClassesIn(Checkpoint checkpoint, Network network)
    {
        if (ReplaceClassifier.Classifier(network)?.Parameters[0] is not { } weight) return 0;
        bool sameDepth = checkpoint.TryGet(weight.Name, out NamedTensor? tensor) && tensor.Shape.Length == weight.Shape.Rank && tensor.Shape.AsSpan()[1..].SequenceEqual(weight.Shape.Dims.AsSpan()[1..]);
        return sameDepth && tensor!.Shape[0] != weight.Shape[0] ? tensor.Shape[0] : 0;
    }
}

namespace VkInception.Graph.Models;

/// <summary>What a zoo network is built for.</summary>
/// <param name="Batch">Images per run.</param>
/// <param name="Height">Height of the input in pixels; 0 takes the network's own.</param>
/// <param name="Width">Width of the input in pixels; 0 takes the network's own.</param>
/// <param name="Classes">Outputs of the classifier; 0 takes the network's own.</param>
public sealed record ModelOptions(int Batch = 1, int Height = 0, int Width = 0, int Classes = 0)
{
    /// <summary>N C H W of the input, with the network's own size where none is set.</summary>
    public Shape InputShape(int channels, int size) => [Batch, channels, Height > 0 ? Height : size, Width > 0 ? Width : size];

    /// <summary>Whether the input has the given size, set or left to the network's own.</summary>
    public bool IsSize(int size) => (Height is 0 || Height == size) && (Width is 0 || Width == size);

    /// <summary>The number of classes, with the network's own where none is set.</summary>
    public int ClassesOr(int own) => Classes > 0 ? Classes : own;
}

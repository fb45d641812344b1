namespace VkInception.Cli;

/// <summary>The trained network that comes with the program: what <c>classify</c> uses where no other is named. Its card is in tools/README.md.</summary>
internal static class ShippedCheckpoint
{
    /// <summary>The network of the zoo that it was trained as.</summary>
    public const string ModelName = "googlenet-torchvision";

    private const string FileName = "googlenet-cifar10.safetensors";

    /// <summary>Loads it.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileNotFound"/> where the file beside the program is gone.</exception>
    public static Model Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, FileName);
        return File.Exists(path)
            ? Model.Load(ModelName, path)
            : throw new VkInceptionException(ErrorCode.FileNotFound, $"{path}: the network that comes with the program is gone; build anew, or name a checkpoint with --weights");
    }
}

namespace VkInception.Imaging.Datasets;

/// <summary>A row of images that are read by their place. Members are called from several threads at once.</summary>
internal interface IImageSource
{
    int Count { get; }

    /// <summary>Whether the images are in memory, so that reading cannot fail.</summary>
    bool InMemory { get; }

    string Name(int index);

    Photo Read(int index);
}

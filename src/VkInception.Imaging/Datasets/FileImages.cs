namespace VkInception.Imaging.Datasets;

/// <summary>Image files, kept once decoded as long as the cache takes them.</summary>
internal sealed class FileImages(string[] paths, PhotoOptions options, CacheBudget budget) : IImageSource
{
    private readonly Photo?[] kept = new Photo?[paths.Length];

    public int Count => paths.Length;

    public bool InMemory => false;

    public string Name(int index) => paths[index];

    public Photo Read(int index)
    {
        if (Volatile.Read(ref kept[index]) is { } known) return known;
        Photo photo = Photo.Load(paths[index], options);
        if (budget.Take(photo.Data.Length)) Volatile.Write(ref kept[index], photo);
        return photo;
    }
}

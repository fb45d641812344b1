namespace VkInception.Imaging.Datasets;

/// <summary>The images of a data set that are for one purpose, in an order that is the same on every machine. Safe to use from several threads.</summary>
public sealed class DatasetSplit
{
    private readonly IImageSource images;
    private readonly int[] places;
    private readonly int[] labels;

    internal DatasetSplit(string name, IReadOnlyList<string> classNames, IImageSource images, int[] places, int[] labels)
    {
        SplitName = name;
        ClassNames = classNames;
        this.images = images;
        this.places = places;
        this.labels = labels;
        var counts = new int[classNames.Count];
        foreach (int label in labels) counts[label]++;
        CountPerClass = counts;
    }

    /// <summary><c>training</c> or <c>evaluation</c>.</summary>
    public string SplitName { get; }

    /// <summary>Number of images.</summary>
    public int Count => places.Length;

    /// <summary>The classes; an image's label is a place in this list.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Number of images of each class.</summary>
    public IReadOnlyList<int> CountPerClass { get; }

    /// <summary>Whether the images are in memory, so that reading one touches no file and cannot fail.</summary>
    public bool InMemory => images.InMemory;

    /// <summary>The class of an image.</summary>
    public int Label(int index) => labels[index];

    /// <summary>The file of an image, or <c>index N</c> in the file that holds them all.</summary>
    public string Name(int index) => images.Name(places[index]);

    /// <summary>Reads an image. Its pixels may be shared with other callers.</summary>
    /// <exception cref="VkInceptionException">As <see cref="Photo.Load"/>, when a file is missing, damaged or refused.</exception>
    public Photo Read(int index) => images.Read(places[index]);

    /// <summary>The split's images at some of its places.</summary>
    internal DatasetSplit At(string name, IEnumerable<int> indices)
    {
        int[] chosen = [.. indices];
        return new DatasetSplit(name, ClassNames, images, Array.ConvertAll(chosen, i => places[i]), Array.ConvertAll(chosen, i => labels[i]));
    }
}

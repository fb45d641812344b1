namespace VkInception.Imaging.Datasets;

/// <summary>How a data set lies on disk.</summary>
public enum DatasetFormat
{
    /// <summary>A folder for each class: <c>DIR/train/CLASS/*</c> and <c>DIR/val|valid|validation|test/CLASS/*</c>, or <c>DIR/CLASS/*</c>.</summary>
    ClassFolders,
    /// <summary>CIFAR-10's binary version: <c>data_batch_*.bin</c>, <c>test_batch.bin</c>, records of a label and 32×32 R, G and B planes.</summary>
    Cifar10,
    /// <summary>MNIST's format, plain or gzipped: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-…</c>.</summary>
    Idx,
    /// <summary>A text file of lines <c>path label</c>.</summary>
    List,
}

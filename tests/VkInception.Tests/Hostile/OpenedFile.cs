using VkInception.Cli;
using VkInception.Imaging;
using VkInception.Imaging.Datasets;
using VkInception.Training.Caffe;
using VkInception.Weights;

namespace VkInception.Tests.Hostile;

/// <summary>Every way in which the library opens a file that somebody names.</summary>
internal static class OpenedFile
{
    /// <summary>Name, a file name that leads there, and the call.</summary>
    public static IReadOnlyList<(string Name, string File, Action<string> Open)> All { get; } =
    [
        ("checkpoint", "x.safetensors", path => Checkpoint.Open(path).Dispose()),
        ("torch", "x.pth", path => Checkpoint.Open(path).Dispose()),
        ("caffemodel", "x.caffemodel", path => Checkpoint.Open(path).Dispose()),
        ("tfjs", "x.json", path => Checkpoint.Open(path).Dispose()),
        ("npy", "x.npy", path => NpyReader.ReadFloat32(path)),
        ("labels of a batch", "l.npy", path => NpyReader.ReadInt64(path)),
        ("onnx", "x.onnx", path => OnnxModel.Open(path).Dispose()),
        ("model of ONNX", "x.onnx", path => Model.Load(path).Dispose()),
        ("prototxt", "x.prototxt", path => PrototxtDocument.Open(path)),
        ("solver", "solver.prototxt", path => CaffeSolver.Open(path)),
        ("photo", "x.jpg", path => Photo.Load(path)),
        ("list", "list.txt", path => Dataset.Open(path, new DatasetOptions { Format = DatasetFormat.List })),
        ("labels", "labels.txt", path => Labels.Read(path)),
        ("IDX", "train-images-idx3-ubyte", Idx),
        ("CIFAR-10", "data_batch_1.bin", path => Dataset.Open(Path.GetDirectoryName(path)!, new DatasetOptions { Format = DatasetFormat.Cifar10 })),
    ];

    private static void Idx(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 1, 0]);
        Dataset.Open(folder, new DatasetOptions { Format = DatasetFormat.Idx });
    }
}

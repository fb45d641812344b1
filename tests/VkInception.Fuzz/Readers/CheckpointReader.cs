using VkInception.Fuzz.Mutations;
using VkInception.Tests.GraphFiles;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="Checkpoint.Open"/>, by the extension and seeds of one format, and then every tensor.</summary>
internal sealed class CheckpointReader(string name, string extension, IReadOnlyList<Mutation> grammar, Func<IReadOnlyList<byte[]>> seeds) : Reader(name)
{
    private const int MostValues = 1 << 16;
    private readonly byte[] buffer = new byte[1 << 16];
    private readonly Lazy<IReadOnlyList<byte[]>> loaded = new(seeds);

    public static IReadOnlyList<Reader> All { get; } =
    [
        new CheckpointReader("safetensors", ".safetensors", [new PrefixedMutation(0, 8, Json), new NumberMutation(false, (0, 4), (4, 4))], Safetensors),
        new CheckpointReader("npy", ".npy", [Npy, new NumberMutation(false, (6, 1), (8, 2))], () => Resources.All("weights", ".npy")),
        new CheckpointReader("npz", ".npz", [new ZipMutation((".npy", Npy))], () => Resources.All("weights", ".npz")),
        new CheckpointReader("pth", ".pth", [new ZipMutation((".pkl", new PickleMutation()))],
            () => [.. new[] { "state", "module", "checkpoint_p2", "checkpoint_p3", "checkpoint_p4", "checkpoint_p5" }.Select(n => Resources.Load($"weights/{n}.pth"))]),
        new CheckpointReader("pth-legacy", ".pth", [new PickleMutation()], () => [Resources.Load("weights/state_legacy.pth"), Resources.Load("weights/checkpoint_legacy.pth")]),
        new CheckpointReader("caffemodel", ".caffemodel", [new ProtobufMutation()], CaffeModels),
        new CheckpointReader("onnx", ".onnx", [new ProtobufMutation()], OnnxModels),
        new CheckpointReader("hdf5", ".h5", [], () => [.. new[] { "keras", "keras-latest", "kinds", "chunks" }.Select(n => Resources.Load($"weights/{n}.h5"))]),
        new CheckpointReader("pb", ".pb", [new ProtobufMutation()], TensorFlowGraphs),
    ];

    private static TextMutation Json => new("\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"F32\"", "\"F16\"", "\"BF16\"", "\"I64\"", "\"U8\"", "\"BOOL\"", "\"__metadata__\"", "[0,4]", "[1,1]");

    private static PrefixedMutation Npy => new(8, 2, new TextMutation("'descr'", "'<f4'", "'>f8'", "'|O'", "'fortran_order'", "True", "False", "'shape'", "(2, 3)", "()", "(5,)", "'|u1'", "'<f2'"));

    public override IReadOnlyList<byte[]> Seeds => loaded.Value;

    public override IReadOnlyList<Mutation> Grammar => grammar;

    public override string Read(byte[] input)
    {
        using Checkpoint checkpoint = Checkpoint.Open(Scratch.Write($"checkpoint{extension}", input));
        string found = $"{checkpoint.Format} tensors {Math.Min(checkpoint.Tensors.Count, 5)} notes {Math.Min(checkpoint.Notes.Count, 3)} metadata {Math.Min(checkpoint.Metadata.Count, 2)}";
        found += string.Concat(checkpoint.Tensors.Take(3).Select(t => $" {t.Type} of {(char)('a' + Math.Min(t.Shape.Length, 9))}"));
        foreach (NamedTensor tensor in checkpoint.Tensors.Take(2000)) Elements(tensor);
        foreach (NamedTensor tensor in checkpoint.Tensors.Where(t => t.Count <= MostValues).Take(50)) Values(tensor);
        return found;
    }

    private void Elements(NamedTensor tensor)
    {
        using Stream stream = tensor.OpenRead();
        long length = 0;
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer)) length += read;
        if (length != tensor.ByteLength) throw new InvalidOperationException($"{length} bytes came out where {tensor.ByteLength} are stated");
    }

    private static void Values(NamedTensor tensor)
    {
        tensor.ToFloat32();
        if (!tensor.Type.IsFloatingPoint()) tensor.ToInt64();
        TensorStatistics.Of(tensor);
    }

    private static IReadOnlyList<byte[]> Safetensors()
    {
        NamedTensor[] tensors =
        [
            NamedTensor.FromFloat32("conv.weight", [2, 1, 2, 2], new float[8]), NamedTensor.FromFloat16("conv.bias", [2], new Half[2]),
            NamedTensor.FromInt64("steps", [], new long[1]), NamedTensor.FromBytes("bytes", new byte[5]), NamedTensor.FromFloat32("empty", [0, 3], ReadOnlyMemory<float>.Empty),
        ];
        return
        [
            Resources.Load("weights/two.safetensors"), Written(tensors, null, false),
            Written(tensors[..2], new Dictionary<string, string> { ["format"] = "pt", ["note"] = "é\"" }, true), Written([], null, false),
        ];
    }

    private static byte[] Written(NamedTensor[] tensors, Dictionary<string, string>? metadata, bool seal)
    {
        string path = Scratch.PathOf("seed.safetensors");
        SafetensorsWriter.Write(path, tensors, metadata, seal);
        return File.ReadAllBytes(path);
    }

    private static WireWriter Blob(params long[] dims) => new WireWriter().PackedFloats(5, new float[dims.Aggregate(1L, (a, b) => a * b)]).Message(7, new WireWriter().PackedVarints(1, dims));

    private static IReadOnlyList<byte[]> CaffeModels()
    {
        WireWriter legacy = new WireWriter().Varint(1, 1).Varint(2, 1).Varint(3, 2).Varint(4, 3).PackedFloats(5, new float[6]);
        WireWriter loose = new WireWriter().Double(8, 1).Double(8, 2);
        return
        [
            new WireWriter().Text(1, "net").Message(100, new WireWriter().Text(1, "conv").Text(2, "Convolution").Message(7, Blob(2, 1, 2, 2)).Message(7, Blob(2)))
                .Message(100, new WireWriter().Text(1, "bn").Text(2, "BatchNorm").Message(7, Blob(2)).Message(7, Blob(2)).Message(7, Blob(1))).ToArray(),
            new WireWriter().Text(1, "old").Message(2, new WireWriter().Text(4, "ip").Varint(5, 14).Message(6, legacy).Message(6, loose)).ToArray(),
        ];
    }

    private static IReadOnlyList<byte[]> OnnxModels()
    {
        static WireWriter Tensor(string name, int type, params long[] dims) => new WireWriter().PackedVarints(1, dims).Varint(2, type).Text(8, name);
        WireWriter graph = new WireWriter().Text(2, "g")
            .Message(5, Tensor("raw", 1, 2).Raw(9, new byte[8])).Message(5, Tensor("packed", 7, 2).PackedVarints(7, -1, long.MaxValue)).Message(5, Tensor("half", 10, 2).PackedVarints(5, 0x3C00, 1))
            .Message(5, Tensor("double", 11, 1).Double(10, 2)).Message(5, Tensor("bytes", 2, 2).Raw(9, [1, 2])).Message(5, Tensor("scalar", 1).Float(4, 1));
        return [new WireWriter().Varint(1, 8).Text(2, "fuzz").Message(8, new WireWriter().Varint(2, 17)).Message(7, graph).ToArray(), Resources.Load("graphs/products-13.onnx")];
    }

    private static IReadOnlyList<byte[]> TensorFlowGraphs()
    {
        WireWriter shape = new WireWriter().Message(2, new WireWriter().Varint(1, 2)).Message(2, new WireWriter().Varint(1, 3));
        WireWriter tensor = new WireWriter().Varint(1, 1).Message(2, shape).Raw(4, new byte[24]);
        WireWriter scalar = new WireWriter().Varint(1, 2).Message(2, new WireWriter()).Raw(4, new byte[8]);
        WireWriter Node(string name, WireWriter value) => new WireWriter().Text(1, name).Text(2, "Const").Message(5, new WireWriter().Text(1, "value").Message(2, new WireWriter().Message(8, value)));
        return [new WireWriter().Message(1, Node("conv/weights", tensor)).Message(1, Node("scalar", scalar)).Message(1, new WireWriter().Text(1, "input").Text(2, "Placeholder")).ToArray()];
    }
}

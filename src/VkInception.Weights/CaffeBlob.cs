using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>A BlobProto of a Caffe model: its shape and where its elements lie.</summary>
/// <remarks>num 1, channels 2, height 3, width 4 (the legacy shape), data 5 (float), shape 7 { dim 1 }, double_data 8.</remarks>
internal sealed class CaffeBlob
{
    private readonly ProtobufRange message;
    private readonly ProtobufElements floats = new(5, ProtobufWireType.Fixed32);
    private readonly ProtobufElements doubles = new(8, ProtobufWireType.Fixed64);
    private readonly long[] legacy = [1, 1, 1, 1];
    private readonly List<long> dims = [];
    private bool hasLegacy;
    private bool hasShape;

    /// <summary>Reads the current field of <paramref name="layer"/> as a blob.</summary>
    public CaffeBlob(ProtobufReader layer)
    {
        message = layer.Body;
        ProtobufReader reader = layer.Message();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case >= 1 and <= 4:
                    legacy[reader.Field - 1] = reader.Int64();
                    hasLegacy = true;
                    break;
                case 5: floats.Add(reader); break;
                case 7: ReadShape(reader.Message()); break;
                case 8: doubles.Add(reader); break;
            }
        }
    }

    /// <summary>Whether the blob has any elements; a layer's blob without is a place-holder.</summary>
    public bool IsEmpty => floats.Count == 0 && doubles.Count == 0;

    /// <summary>The blob as a tensor.</summary>
    /// <param name="file">The file that is read.</param>
    /// <param name="name">The tensor's name.</param>
    /// <param name="axes">What the layer makes of legacy shapes: 2 for a matrix, 1 for a vector, 4 for a filter.</param>
    public NamedTensor ToTensor(CheckpointFile file, string name, int axes)
    {
        bool isDouble = floats.Count == 0;
        (ProtobufElements elements, ElementType type) = isDouble ? (doubles, ElementType.Float64) : (floats, ElementType.Float32);
        long[] claimed = hasShape ? [.. dims] : hasLegacy ? legacy : [elements.Count];
        // Files upgraded from the legacy layout keep its leading ones: 1×1×O×I is a matrix, 1×1×1×O a vector.
        int leading = 0;
        while (claimed.Length - leading > axes && claimed[leading] == 1) leading++;
        claimed = claimed[leading..];
        if (!TensorShape.TryCreate(claimed, type.Size(), out ImmutableArray<int> shape) || !TensorShape.TryCount(shape, 1, out long count) || count != elements.Count)
            throw file.Damaged($"{name}: {elements.Count} elements do not fill a shape of {string.Join('×', claimed)}.");
        return new NamedTensor(name, type, shape, () => elements.Open(file, message, type.Size()));
    }

    private void ReadShape(ProtobufReader reader)
    {
        hasShape = true;
        while (reader.Next())
            if (reader.Field == 1) reader.AddInts(dims);
    }
}

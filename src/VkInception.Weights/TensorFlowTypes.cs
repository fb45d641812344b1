namespace VkInception.Weights;

/// <summary>What TensorFlow's messages have in common.</summary>
internal static class TensorFlowTypes
{
    /// <summary>The type of a DataType's number; null where it is none of plain numbers.</summary>
    public static ElementType? Of(int type) => type switch
    {
        1 => ElementType.Float32,
        2 => ElementType.Float64,
        3 => ElementType.Int32,
        4 => ElementType.UInt8,
        5 => ElementType.Int16,
        6 => ElementType.Int8,
        9 => ElementType.Int64,
        10 => ElementType.Bool,
        14 => ElementType.BFloat16,
        17 => ElementType.UInt16,
        19 => ElementType.Float16,
        22 => ElementType.UInt32,
        23 => ElementType.UInt64,
        _ => null,
    };

    /// <summary>Adds the extents of a TensorShapeProto (dim 2 { size 1 }, unknown_rank 3); false where the rank is not known.</summary>
    public static bool AddShape(ProtobufReader reader, ProtobufWindow window, List<long> dims)
    {
        bool isKnown = true;
        while (reader.Next())
        {
            if (reader.Field == 3) isKnown = false;
            if (reader.Field != 2) continue;
            window.Charge();
            long size = 0;
            ProtobufReader dim = reader.Message();
            while (dim.Next())
                if (dim.Field == 1) size = dim.Int64();
            dims.Add(size);
        }
        return isKnown;
    }
}

namespace VkInception.Weights;

/// <summary>A Python name that a pickle refers to and that is allowed.</summary>
/// <param name="Name">In full, for messages: <c>torch._utils._rebuild_tensor_v2</c>.</param>
/// <param name="Function">What calling it does; <see cref="PickleFunction.None"/> for a type.</param>
/// <param name="Storage">Whether it is a storage class.</param>
/// <param name="Element">The element type of a dtype or storage class; null for an untyped storage.</param>
internal sealed record PickleGlobal(string Name, PickleFunction Function, bool Storage = false, ElementType? Element = null)
{
    // Before the table that is built from it: static fields are set in this order.
    private static readonly (string Storage, string[] Types, ElementType Element)[] Types =
    [
        ("FloatStorage", ["float32", "float"], ElementType.Float32),
        ("DoubleStorage", ["float64", "double"], ElementType.Float64),
        ("HalfStorage", ["float16", "half"], ElementType.Float16),
        ("BFloat16Storage", ["bfloat16"], ElementType.BFloat16),
        ("CharStorage", ["int8"], ElementType.Int8),
        ("ByteStorage", ["uint8"], ElementType.UInt8),
        ("ShortStorage", ["int16", "short"], ElementType.Int16),
        ("IntStorage", ["int32", "int"], ElementType.Int32),
        ("LongStorage", ["int64", "long"], ElementType.Int64),
        ("BoolStorage", ["bool"], ElementType.Bool),
    ];

    private static readonly Dictionary<string, PickleGlobal> Allowed = BuildAllowed();

    /// <summary>The global of that name, or null where it is not allowed: everything that is not listed here.</summary>
    public static PickleGlobal? Find(string module, string name) => Allowed.GetValueOrDefault($"{module}.{name}");

    private static Dictionary<string, PickleGlobal> BuildAllowed()
    {
        var allowed = new Dictionary<string, PickleGlobal>(StringComparer.Ordinal);
        void Add(string name, PickleFunction function, bool storage = false, ElementType? element = null) =>
            allowed.Add(name, new PickleGlobal(name, function, storage, element));

        Add("collections.OrderedDict", PickleFunction.OrderedDict);
        foreach (string module in (string[])["builtins", "__builtin__"])
        {
            Add($"{module}.set", PickleFunction.Set);
            Add($"{module}.frozenset", PickleFunction.Set);
        }
        Add("_codecs.encode", PickleFunction.EncodeLatin1);
        Add("torch.Size", PickleFunction.Size);
        Add("torch._utils._rebuild_tensor", PickleFunction.RebuildTensor);
        Add("torch._utils._rebuild_tensor_v2", PickleFunction.RebuildTensor);
        Add("torch._utils._rebuild_tensor_v3", PickleFunction.RebuildTensorV3);
        Add("torch._utils._rebuild_parameter", PickleFunction.RebuildParameter);
        Add("torch.storage.UntypedStorage", PickleFunction.None, storage: true);
        Add("torch.storage._UntypedStorage", PickleFunction.None, storage: true);
        Add("torch.UntypedStorage", PickleFunction.None, storage: true);
        foreach ((string storage, string[] types, ElementType element) in Types)
        {
            Add($"torch.{storage}", PickleFunction.None, storage: true, element);
            foreach (string type in types)
                Add($"torch.{type}", PickleFunction.None, element: element);
        }
        Add("torch.uint16", PickleFunction.None, element: ElementType.UInt16);
        Add("torch.uint32", PickleFunction.None, element: ElementType.UInt32);
        Add("torch.uint64", PickleFunction.None, element: ElementType.UInt64);
        return allowed;
    }
}

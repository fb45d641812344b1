namespace VkInception.Weights;

/// <summary>The Python callables that a checkpoint's pickle may name; each is answered by code of ours and builds plain data.</summary>
internal enum PickleFunction
{
    /// <summary>A name that is no callable: a dtype or a storage class.</summary>
    None,
    /// <summary>collections.OrderedDict</summary>
    OrderedDict,
    /// <summary>builtins.set and builtins.frozenset</summary>
    Set,
    /// <summary>torch.Size</summary>
    Size,
    /// <summary>_codecs.encode(text, 'latin1'), which is how protocol 2 spells bytes.</summary>
    EncodeLatin1,
    /// <summary>torch._utils._rebuild_tensor and _rebuild_tensor_v2</summary>
    RebuildTensor,
    /// <summary>torch._utils._rebuild_tensor_v3: the type is an argument.</summary>
    RebuildTensorV3,
    /// <summary>torch._utils._rebuild_parameter</summary>
    RebuildParameter,
}

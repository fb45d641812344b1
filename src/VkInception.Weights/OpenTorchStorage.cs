namespace VkInception.Weights;

/// <summary>A stream over <paramref name="length"/> bytes of a storage from byte <paramref name="offset"/> on, which lie within it.</summary>
internal delegate Stream OpenTorchStorage(TorchStorage storage, long offset, long length);

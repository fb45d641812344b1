namespace VkInception.Weights;

/// <summary>A Python dictionary in its order. Keys are not hashed here: they are whatever the file says, of any type.</summary>
internal sealed class PickleDictionary : List<KeyValuePair<object?, object?>>;

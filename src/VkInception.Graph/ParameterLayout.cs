namespace VkInception.Graph;

/// <summary>How a parameter lies in device memory. At the API and in checkpoints every parameter has its logical order.</summary>
public enum ParameterLayout
{
    /// <summary>As a tensor of that shape lies: channels last for rank 4, the logical order otherwise.</summary>
    Plain,

    /// <summary>A filter O I H W lies as H W I O, so that the lanes of a subgroup read neighbouring outputs. A matrix O I counts as O I 1 1.</summary>
    Filter,
}

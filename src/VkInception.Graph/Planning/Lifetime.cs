namespace VkInception.Graph.Planning;

/// <summary>A block of memory and the levels between which its content matters.</summary>
internal sealed record Lifetime(Storage Storage, int First, int Last)
{
    public bool Overlaps(Lifetime other) => First <= other.Last && other.First <= Last;
}

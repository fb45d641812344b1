namespace VkInception.Graph.Planning;

/// <summary>A block of the arena.</summary>
/// <param name="Storage">What lies there.</param>
/// <param name="Offset">First byte in the arena.</param>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="FirstLevel">First level that writes it.</param>
/// <param name="LastLevel">Last level that reads it; blocks that live to the end have the number of levels.</param>
public sealed record PlacedBlock(Storage Storage, long Offset, long Bytes, int FirstLevel, int LastLevel);

namespace VkInception.Benchmarks.Suite;

/// <summary>What a <see cref="Subject"/> runs; bytes of device memory: arena, parameters, and all that the model holds.</summary>
internal sealed record SubjectReady(
    string Model, string Device, string Driver, int Batch, int Size, bool Train, string Precision,
    long MultiplyAdds, long ArenaBytes, long ParameterBytes, long DeviceBytes, double FirstResultMs);

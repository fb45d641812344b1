namespace VkInception.Weights;

/// <summary>Receives a run of a tensor's elements; the span is reused afterwards.</summary>
internal delegate void VisitChunk(ReadOnlySpan<double> values);

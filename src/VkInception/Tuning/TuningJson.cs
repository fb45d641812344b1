using System.Text.Json.Serialization;

namespace VkInception.Tuning;

/// <summary>The file of measurements as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SortedDictionary<string, TunedKernel>))]
internal sealed partial class TuningJson : JsonSerializerContext;

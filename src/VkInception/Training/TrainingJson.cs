using System.Text.Json.Serialization;

namespace VkInception.Training;

/// <summary>The documents of a run as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
[JsonSerializable(typeof(ImageInput))]
[JsonSerializable(typeof(EpochProgress))]
[JsonSerializable(typeof(LossScalerState))]
[JsonSerializable(typeof(LogLine))]
internal sealed partial class TrainingJson : JsonSerializerContext;

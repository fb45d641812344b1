using System.Text.Json.Serialization;

namespace VkInception.Benchmarks.Suite;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SuiteResult))]
[JsonSerializable(typeof(SubjectReady))]
[JsonSerializable(typeof(SubjectTimes))]
[JsonSerializable(typeof(Peaks))]
[JsonSerializable(typeof(LayerTime[]))]
internal sealed partial class SuiteJson : JsonSerializerContext;

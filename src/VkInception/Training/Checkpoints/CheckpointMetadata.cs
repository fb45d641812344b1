using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VkInception.Weights;

namespace VkInception.Training;

/// <summary>A training state's numbers and words as safetensors metadata, and back.</summary>
internal static class CheckpointMetadata
{
    private const string Format = "vkinception-training";
    private const string Version = "1";

    /// <summary>Everything but the tensors.</summary>
    public static Dictionary<string, string> Of(TrainingState state)
    {
        var metadata = Common(state);
        metadata["format"] = Format;
        metadata["formatVersion"] = Version;
        metadata["batchInEpoch"] = Text(state.BatchInEpoch);
        metadata["seed"] = Text(state.Identity.Seed);
        metadata["optimizer"] = state.Identity.Optimizer;
        metadata["optimizerOptions"] = Json(Sorted(state.Identity.OptimizerOptions), TrainingJson.Default.SortedDictionaryStringString);
        metadata["schedule"] = state.Identity.Schedule;
        metadata["settings"] = Json(Sorted(state.Identity.Settings), TrainingJson.Default.SortedDictionaryStringString);
        metadata["progress"] = Json(state.Progress, TrainingJson.Default.EpochProgress);
        metadata["extra"] = Json(Sorted(state.Extra), TrainingJson.Default.SortedDictionaryStringString);
        if (state.LossScaler is { } scaler)
            metadata["lossScaler"] = Json(scaler, TrainingJson.Default.LossScalerState);
        return metadata;
    }

    /// <summary>What a file of weights alone says about itself.</summary>
    public static Dictionary<string, string> OfWeights(TrainingState state)
    {
        var metadata = Common(state);
        metadata["averaged"] = state.Ema.Count > 0 ? "true" : "false";
        return metadata;
    }

    /// <summary>Reads the metadata of a file whose seal holds; the tensors are still to be filled in.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedFormat"/>: of another kind or version. <see cref="ErrorCode.FileDamaged"/>: contradicts itself.</exception>
    public static TrainingState Read(Checkpoint file)
    {
        if (file.Metadata.GetValueOrDefault("format") != Format)
            throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{file.Path}: is no training checkpoint; a run goes on only from a file that a run has written");
        if (file.Metadata.GetValueOrDefault("formatVersion") != Version)
            throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{file.Path}: is of training format {file.Metadata.GetValueOrDefault("formatVersion")}, {Version} is read; use the version that wrote it");
        try
        {
            return Checked(Parse(file.Metadata));
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or OverflowException or JsonException)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{file.Path}: its metadata cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static TrainingState Parse(IReadOnlyDictionary<string, string> metadata) => new()
    {
        Identity = new RunIdentity
        {
            Model = metadata["model"],
            Classes = FromJson(metadata["classes"], TrainingJson.Default.StringArray),
            Optimizer = metadata["optimizer"],
            OptimizerOptions = FromJson(metadata["optimizerOptions"], TrainingJson.Default.SortedDictionaryStringString),
            Schedule = metadata["schedule"],
            Seed = ulong.Parse(metadata["seed"], CultureInfo.InvariantCulture),
            DataFingerprint = metadata["dataFingerprint"],
            Input = FromJson(metadata["imageInput"], TrainingJson.Default.ImageInput),
            Settings = FromJson(metadata["settings"], TrainingJson.Default.SortedDictionaryStringString),
        },
        Step = long.Parse(metadata["step"], CultureInfo.InvariantCulture),
        Epoch = int.Parse(metadata["epoch"], CultureInfo.InvariantCulture),
        BatchInEpoch = int.Parse(metadata["batchInEpoch"], CultureInfo.InvariantCulture),
        Progress = FromJson(metadata["progress"], TrainingJson.Default.EpochProgress),
        BestAccuracy = metadata.TryGetValue("bestAccuracy", out string? best) ? double.Parse(best, CultureInfo.InvariantCulture) : null,
        LossScaler = metadata.TryGetValue("lossScaler", out string? scaler) ? FromJson(scaler, TrainingJson.Default.LossScalerState) : null,
        Extra = FromJson(metadata["extra"], TrainingJson.Default.SortedDictionaryStringString),
        Weights = [],
    };

    private static TrainingState Checked(TrainingState state)
    {
        if (state.Step < 0 || state.Epoch < 0 || state.BatchInEpoch < 0) throw new FormatException("a position before the beginning");
        if (state.LossScaler is { } scaler && (!(scaler.Scale > 0) || !float.IsFinite(scaler.Scale) || scaler.GoodSteps < 0)) throw new FormatException("an impossible loss scale");
        if (state.BestAccuracy is not (null or (>= 0 and <= 1))) throw new FormatException("an accuracy that is no share");
        // The serializer refuses null where a property may not be, but not within lists.
        IEnumerable<string> words = [.. state.Identity.Classes, .. state.Identity.OptimizerOptions.Values, .. state.Identity.Settings.Values, .. state.Extra.Values];
        return words.All(w => w is not null) ? state : throw new FormatException("a list holds nothing where words are due");
    }

    private static Dictionary<string, string> Common(TrainingState state)
    {
        var metadata = new Dictionary<string, string>
        {
            ["model"] = state.Identity.Model,
            ["classes"] = Json([.. state.Identity.Classes], TrainingJson.Default.StringArray),
            ["imageInput"] = Json(state.Identity.Input, TrainingJson.Default.ImageInput),
            ["dataFingerprint"] = state.Identity.DataFingerprint,
            ["step"] = Text(state.Step),
            ["epoch"] = Text(state.Epoch),
        };
        if (state.BestAccuracy is { } best)
            metadata["bestAccuracy"] = best.ToString("R", CultureInfo.InvariantCulture);
        return metadata;
    }

    private static string Text<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    private static SortedDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> values) => new(values.ToDictionary(), StringComparer.Ordinal);

    private static string Json<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private static T FromJson<T>(string text, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(text, type) ?? throw new JsonException("null where a value is due");
}

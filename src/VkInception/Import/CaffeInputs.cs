using VkInception.Weights;

namespace VkInception.Import;

/// <summary>The inputs of a Caffe definition with their shapes: declared at the top, by Input layers, or by data layers.</summary>
internal static class CaffeInputs
{
    private const int LegacyAxes = 4;

    /// <summary>Whether a layer feeds the network.</summary>
    public static bool IsInput(string type)
        => type is "Input" or "Data" or "ImageData" or "MemoryData" or "HDF5Data" or "WindowData" or "DummyData";

    /// <summary>The inputs that stand outside the layers: <c>input</c> with <c>input_shape</c> or four <c>input_dim</c> each.</summary>
    public static IEnumerable<(string Name, int[] Dims)> AtTop(PrototxtMessage network)
    {
        IReadOnlyList<string> names = network.Texts("input");
        int[][] shapes = [.. network.Messages("input_shape").Select(s => s.Ints("dim").ToArray())];
        int[] flat = [.. network.Ints("input_dim")];
        if (shapes.Length == 0 && flat.Length > 0)
        {
            if (flat.Length % LegacyAxes != 0) throw network.Error(ErrorCode.FileDamaged, $"{flat.Length} times 'input_dim'; each input has {LegacyAxes}");
            shapes = [.. flat.Chunk(LegacyAxes)];
        }
        if (shapes.Length != names.Count && !(names.Count > 0 && shapes.Length == 1))
            throw network.Error(ErrorCode.FileDamaged, $"{names.Count} inputs with {shapes.Length} shapes");
        return names.Select((name, i) => (name, shapes[shapes.Length == 1 ? 0 : i]));
    }

    /// <summary>The shape of what an input layer gives under its <paramref name="top"/>; null for labels, which inference does not need.</summary>
    public static int[]? Dims(CaffeLayer layer, int top)
    {
        int[][] declared = layer.Type switch
        {
            "Input" => [.. layer.Parameters("input_param").Messages("shape").Select(s => s.Ints("dim").ToArray())],
            "DummyData" => [.. layer.Parameters("dummy_data_param").Messages("shape").Select(s => s.Ints("dim").ToArray())],
            _ => top == 0 ? [FromData(layer)] : [],
        };
        if (declared.Length == 0) return layer.Type == "Input" ? throw NoShape(layer) : null;
        return declared[Math.Min(top, declared.Length - 1)];
    }

    private static int[] FromData(CaffeLayer layer)
    {
        PrototxtMessage memory = layer.Parameters("memory_data_param"), image = layer.Parameters("image_data_param"), transform = layer.Parameters("transform_param");
        if (layer.Type == "MemoryData" && memory.Int("channels") is { } c && memory.Int("height") is { } h && memory.Int("width") is { } w) return [1, c, h, w];
        bool isGray = transform.Bool("force_gray") == true || image.Bool("is_color") == false;
        // Before transform_param, the crop stood in the data layer's own parameters.
        int? crop = transform.Int("crop_size") ?? layer.Parameters("data_param").Int("crop_size") ?? image.Int("crop_size");
        int? height = crop ?? image.Int("new_height"), width = crop ?? image.Int("new_width");
        return height > 0 && width > 0 ? [1, isGray ? 1 : 3, height.Value, width.Value] : throw NoShape(layer);
    }

    private static VkInceptionException NoShape(CaffeLayer layer)
        => layer.Message.Error(ErrorCode.UnsupportedFormat, $"the {layer.Type} layer '{layer.Name}' does not say how large its images are; give the deploy.prototxt");
}

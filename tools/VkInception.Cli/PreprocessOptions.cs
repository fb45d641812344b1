using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VkInception.Cli;

/// <summary>Options that replace parts of a network's own preprocessing.</summary>
internal sealed class PreprocessOptions
{
    private readonly Option<string> resize = new("--resize") { Description = "Resize to a square (warp) or by the short side (short) before the centre crop", HelpName = "warp|short" };
    private readonly Option<int?> resizeTo = new("--resize-to") { Description = "The side to resize to, in pixels", HelpName = "N" };
    private readonly Option<string> order = new("--order") { Description = "Order of the channels", HelpName = "rgb|bgr" };
    private readonly Option<float[]> mean = new("--mean") { Description = "Subtracted from each channel, in their order, after scaling", HelpName = "A,B,C", CustomParser = Three };
    private readonly Option<float[]> deviation = new("--std") { Description = "Divides each channel, after the mean is subtracted", HelpName = "A,B,C", CustomParser = Three };
    private readonly Option<float?> scale = new("--scale") { Description = "Multiplies the levels 0 to 255 first (0.0039215686 for 0 to 1)", HelpName = "S" };

    public PreprocessOptions()
    {
        resize.AcceptOnlyFromAmong("warp", "short");
        order.AcceptOnlyFromAmong("rgb", "bgr");
        resizeTo.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int side) && side is < 1 or > 16384)
                result.AddError($"--resize-to {side}: from 1 to 16384");
        });
    }

    public IEnumerable<Option> All => [resize, resizeTo, order, mean, deviation, scale];

    /// <summary>The network's preprocessing with what was asked for in its place, cut to the network's input.</summary>
    public ImageInput Apply(ParseResult parsed, ImageInput input, int width, int height) => input with
    {
        Width = width,
        Height = height,
        Resize = parsed.GetValue(resize) switch { "warp" => ResizeMode.Warp, "short" => ResizeMode.ShortSide, _ => input.Resize },
        // A network of another input size keeps the proportion of its crop: 256 to 224.
        ResizeTo = parsed.GetValue(resizeTo) ?? Math.Max(Math.Max(width, height), input.ResizeTo * Math.Max(width, height) / Math.Max(input.Width, input.Height)),
        Order = parsed.GetValue(order) switch { "rgb" => ChannelOrder.Rgb, "bgr" => ChannelOrder.Bgr, _ => input.Order },
        Mean = parsed.GetValue(mean) is { Length: 3 } means ? means : input.Mean,
        Deviation = parsed.GetValue(deviation) is { Length: 3 } deviations ? deviations : input.Deviation,
        Scale = parsed.GetValue(scale) ?? input.Scale,
    };

    private static float[]? Three(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        string[] parts = text.Split(',');
        var values = new float[3];
        bool sound = parts.Length == 3;
        for (int i = 0; i < 3 && sound; i++)
            sound = float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) && float.IsFinite(values[i]);
        if (sound)
            return values;
        result.AddError($"'{text}': three numbers with commas between them are needed");
        return null;
    }
}

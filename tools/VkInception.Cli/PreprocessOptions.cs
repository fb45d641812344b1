using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace VkInception.Cli;

/// <summary>Options that replace parts of a network's own preprocessing.</summary>
internal sealed class PreprocessOptions
{
    private readonly Option<string> resize = new("--resize") { Description = "Resize to a square (warp) or by the short side (short) before the centre crop", HelpName = "warp|short" };
    private readonly Option<int?> resizeTo = new("--resize-to") { Description = "The side to resize to, in pixels", HelpName = "N", CustomParser = Side };
    private readonly Option<string> order = new("--order") { Description = "Order of the channels", HelpName = "rgb|bgr" };
    private readonly Option<float[]> mean = new("--mean") { Description = "Subtracted from each channel, in their order, after scaling", HelpName = "A,B,C", CustomParser = result => Three(result, zeroAllowed: true) };
    private readonly Option<float[]> deviation = new("--std") { Description = "Divides each channel, after the mean is subtracted", HelpName = "A,B,C", CustomParser = result => Three(result, zeroAllowed: false) };
    private readonly Option<float?> scale = new("--scale") { Description = "Multiplies the levels 0 to 255 first (0.0039215686 for 0 to 1)", HelpName = "S", CustomParser = Factor };

    public PreprocessOptions()
    {
        Words.Among(resize, "warp", "short");
        Words.Among(order, "rgb", "bgr");
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

    private static int? Side(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is >= 1 and <= 16384)
            return side;
        result.AddError($"--resize-to {text}: a whole number from 1 to 16384 is needed");
        return null;
    }

    private static float? Factor(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TryNumber(text, zeroAllowed: false, out float factor))
            return factor;
        result.AddError($"--scale {text}: a number other than 0 is needed");
        return null;
    }

    private static float[]? Three(ArgumentResult result, bool zeroAllowed)
    {
        string text = result.Tokens[0].Value;
        string[] parts = text.Split(',');
        var values = new float[3];
        bool sound = parts.Length == 3;
        for (int i = 0; i < 3 && sound; i++)
            sound = TryNumber(parts[i], zeroAllowed, out values[i]);
        if (sound)
            return values;
        result.AddError($"'{text}': three numbers{(zeroAllowed ? "" : " other than 0")} with commas between them are needed");
        return null;
    }

    private static bool TryNumber(string text, bool zeroAllowed, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value) && (zeroAllowed || value != 0);
}

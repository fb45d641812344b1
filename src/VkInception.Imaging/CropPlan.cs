namespace VkInception.Imaging;

/// <summary>Which views of a photo are classified; their probabilities are averaged.</summary>
public static class CropPlan
{
    // The paper's sides 256, 288, 320 and 352 are eighths of the first (section 7).
    private static readonly int[] sideEighths = [8, 9, 10, 11];

    /// <summary>The views of one evaluation.</summary>
    /// <param name="crops">1: the centre. 10: four corners and the centre, then their mirror images (torchvision's TenCrop). 144: GoogLeNet's (1409.4842, section 7), as <see cref="Multiscale"/>.</param>
    /// <param name="width">Width of the photo.</param>
    /// <param name="height">Height of the photo.</param>
    /// <param name="input">The network's preprocessing.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for another number of crops.</exception>
    public static IReadOnlyList<CropView> Create(int crops, int width, int height, ImageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return crops switch
        {
            1 => [Centre(width, height, input)],
            10 => TenCrop(ResizedSize(width, height, input), input),
            144 => Multiscale(width, height, input),
            _ => throw Impossible(crops),
        };
    }

    /// <summary>The size that the whole photo is resized to before the crop.</summary>
    /// <remarks><see cref="ResizeMode.ShortSide"/>: the long side is floor(<see cref="ImageInput.ResizeTo"/> · long / short), as torchvision's Resize.</remarks>
    public static (long Width, long Height) ResizedSize(int width, int height, ImageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Resize == ResizeMode.Warp ? (input.ResizeTo, input.ResizeTo) : WithShortSide(width, height, input.ResizeTo);
    }

    /// <summary>The reference's single view: resized as <see cref="ImageInput.Resize"/> says, the centre cut.</summary>
    public static CropView Centre(int width, int height, ImageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        (long w, long h) = ResizedSize(width, height, input);
        return new CropView(w, h, CropBox.Centre(w, h, input.Width, input.Height));
    }

    /// <summary>The paper's 144 views: four scales, three squares along the long side, six crops of each square (corners, centre, the square itself resized), mirrored.</summary>
    /// <remarks>The scales are 8, 9, 10 and 11 eighths of <see cref="ImageInput.ResizeTo"/> (256, 288, 320, 352); the aspect is kept whatever <see cref="ImageInput.Resize"/> says.</remarks>
    public static IReadOnlyList<CropView> Multiscale(int width, int height, ImageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var views = new List<CropView>(144);
        foreach (int eighths in sideEighths)
        {
            int side = checked(input.ResizeTo * eighths / 8);
            (long Width, long Height) whole = WithShortSide(width, height, side);
            // The whole photo at the size where the square just becomes the input.
            (long Width, long Height) reduced = (whole.Width * input.Width / side, whole.Height * input.Height / side);
            for (int square = 0; square < 3; square++)
            {
                views.AddRange(CornersAndCentre(whole, (whole.Width - side) * square / 2, (whole.Height - side) * square / 2, side, side, input));
                views.Add(new CropView(reduced.Width, reduced.Height, new CropBox((reduced.Width - input.Width) * square / 2, (reduced.Height - input.Height) * square / 2, input.Width, input.Height)));
            }
        }
        return Mirrored(views);
    }

    /// <summary>Refuses a number of crops that there is no plan for.</summary>
    internal static void Demand(int crops)
    {
        if (crops is not (1 or 10 or 144)) throw Impossible(crops);
    }

    private static VkInceptionException Impossible(int crops)
        => new(ErrorCode.InvalidArgument, $"{crops} crops are not possible; give 1, 10 or 144");

    private static (long Width, long Height) WithShortSide(long width, long height, long side)
        => width <= height ? (side, side * height / width) : (side * width / height, side);

    private static CropView[] TenCrop((long Width, long Height) whole, ImageInput input)
        => Mirrored(CornersAndCentre(whole, 0, 0, whole.Width, whole.Height, input));

    private static List<CropView> CornersAndCentre((long Width, long Height) whole, long left, long top, long width, long height, ImageInput input)
    {
        long right = left + width - input.Width, bottom = top + height - input.Height;
        CropBox centre = CropBox.Centre(width, height, input.Width, input.Height);
        (long Left, long Top)[] places = [(left, top), (right, top), (left, bottom), (right, bottom), (left + centre.Left, top + centre.Top)];
        return [.. places.Select(place => new CropView(whole.Width, whole.Height, new CropBox(place.Left, place.Top, input.Width, input.Height)))];
    }

    private static CropView[] Mirrored(IReadOnlyList<CropView> views) => [.. views, .. views.Select(view => view with { Mirror = true })];
}

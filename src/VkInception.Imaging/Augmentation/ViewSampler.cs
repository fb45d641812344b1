namespace VkInception.Imaging.Augmentation;

/// <summary>Draws the geometry of augmented photos.</summary>
internal static class ViewSampler
{
    private const int Attempts = 10;

    public static AugmentedView Draw(int width, int height, ImageInput input, AugmentationOptions options, ref PhiloxStream random)
    {
        Interpolation filter = options.Interpolations.Count == 1 ? options.Interpolations[0] : options.Interpolations[random.NextInt32(options.Interpolations.Count)];
        AugmentedView view = options.Crop switch
        {
            CropMode.RandomArea => RandomArea(width, height, input, options, ref random),
            CropMode.RandomPlace => RandomPlace(width, height, input, options, ref random),
            CropMode.RandomScale => RandomScale(width, height, input, options, ref random),
            CropMode.Padded => Padded(width, height, input, options, ref random),
            _ => Evaluation(width, height, input),
        };
        return view with { Interpolation = filter, Mirror = options.Mirror && (random.NextUInt32() & 1) != 0 };
    }

    private static AugmentedView Evaluation(int width, int height, ImageInput input)
    {
        CropView view = InputScaling.EvaluationView(width, height, input);
        return Plain(new CropBox(0, 0, width, height), view.ResizedWidth, view.ResizedHeight, view.Box);
    }

    private static AugmentedView RandomArea(int width, int height, ImageInput input, AugmentationOptions options, ref PhiloxStream random)
    {
        CropBox part = RandomPart(width, height, options, ref random);
        return Plain(part, input.Width, input.Height, new CropBox(0, 0, input.Width, input.Height));
    }

    /// <summary>A part of a drawn share of the area and a drawn aspect, rounded to pixels; the largest central part of a possible aspect when ten draws do not fit.</summary>
    internal static CropBox RandomPart(int width, int height, AugmentationOptions options, ref PhiloxStream random)
    {
        double area = (double)width * height;
        float low = MathF.Log(options.MinAspect), high = MathF.Log(options.MaxAspect);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            double wanted = area * random.NextSingle(options.MinArea, options.MaxArea);
            double aspect = Math.Exp(random.NextSingle(low, high));
            double w = Math.Round(Math.Sqrt(wanted * aspect)), h = Math.Round(Math.Sqrt(wanted / aspect));
            if (w < 1 || h < 1 || w > width || h > height) continue;
            int left = random.NextInt32(width - (int)w + 1), top = random.NextInt32(height - (int)h + 1);
            return new CropBox(left, top, (int)w, (int)h);
        }
        double whole = width / (double)height;
        int centralWidth = whole > options.MaxAspect ? Math.Max(1, (int)Math.Round(height * options.MaxAspect)) : width;
        int centralHeight = whole < options.MinAspect ? Math.Max(1, (int)Math.Round(width / options.MinAspect)) : height;
        return CropBox.Centre(width, height, Math.Min(centralWidth, width), Math.Min(centralHeight, height));
    }

    private static AugmentedView RandomPlace(int width, int height, ImageInput input, AugmentationOptions options, ref PhiloxStream random)
    {
        int side = Side(input, options.ResizeRatio);
        (long w, long h) = WithShortSide(width, height, input, side);
        CropBox square = CropBox.Centre(w, h, side, side);
        int left = random.NextInt32(side - input.Width + 1), top = random.NextInt32(side - input.Height + 1);
        return Plain(new CropBox(0, 0, width, height), w, h, new CropBox(square.Left + left, square.Top + top, input.Width, input.Height));
    }

    private static AugmentedView RandomScale(int width, int height, ImageInput input, AugmentationOptions options, ref PhiloxStream random)
    {
        int least = Side(input, options.ResizeRatio), greatest = Side(input, options.MaxResizeRatio);
        (long w, long h) = WithShortSide(width, height, input, least + random.NextInt32(greatest - least + 1));
        int left = random.NextInt32(checked((int)(w - input.Width + 1))), top = random.NextInt32(checked((int)(h - input.Height + 1)));
        return Plain(new CropBox(0, 0, width, height), w, h, new CropBox(left, top, input.Width, input.Height));
    }

    private static int Side(ImageInput input, float ratio) => (int)Math.Round(Math.Max(input.Width, input.Height) * (double)ratio);

    private static (long Width, long Height) WithShortSide(int width, int height, ImageInput input, int side)
        => CropPlan.ResizedSize(width, height, input with { Resize = ResizeMode.ShortSide, ResizeTo = side });

    private static AugmentedView Padded(int width, int height, ImageInput input, AugmentationOptions options, ref PhiloxStream random)
    {
        // Reflection reaches one pixel less than the side.
        int padX = Math.Min((int)Math.Round(input.Width * options.PaddingShare), input.Width - 1);
        int padY = Math.Min((int)Math.Round(input.Height * options.PaddingShare), input.Height - 1);
        int x = random.NextInt32(2 * padX + 1) - padX, y = random.NextInt32(2 * padY + 1) - padY;
        return Evaluation(width, height, input) with { ShiftX = x, ShiftY = y };
    }

    private static AugmentedView Plain(CropBox source, long width, long height, CropBox region)
        => new(source, width, height, region, Interpolation.Bilinear, 0, 0, false);
}

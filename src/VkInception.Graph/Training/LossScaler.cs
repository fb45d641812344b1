namespace VkInception.Graph.Training;

/// <summary>Dynamic loss scaling (arXiv 1710.03740, section 3.2): half precision's gradients are kept from vanishing by the largest scale that does not overflow.</summary>
/// <remarks>
/// A value; training goes on with what <see cref="Next"/> returns and stores it in checkpoints. The scale is a power of two, so that scaling rounds nothing.
/// Skipped steps halve it; so many good ones in a row double it.
/// </remarks>
/// <param name="Scale">What the loss is multiplied by now.</param>
/// <param name="GoodSteps">Steps with finite gradients since the scale changed last.</param>
public readonly record struct LossScaler(float Scale, int GoodSteps)
{
    /// <summary>Good steps in a row after which the scale is doubled.</summary>
    public const int StepsToGrow = 2000;

    /// <summary>The smallest scale: below it the loss itself is not finite, and no scale would help.</summary>
    public const float Smallest = 1;

    /// <summary>The largest scale.</summary>
    public const float Largest = 1 << 24;

    /// <summary>Where dynamic scaling begins: 2^16.</summary>
    public static LossScaler Initial => new(1 << 16, 0);

    /// <summary>Whether nothing is left to halve: a step that is skipped now is no matter of scale.</summary>
    public bool IsExhausted => Scale <= Smallest;

    /// <summary>The scale for the next step.</summary>
    /// <param name="wasFinite">Whether the last step's gradients were finite, so that it was not skipped.</param>
    public LossScaler Next(bool wasFinite)
    {
        if (!wasFinite) return new LossScaler(Math.Max(Scale / 2, Smallest), 0);
        return GoodSteps + 1 < StepsToGrow ? this with { GoodSteps = GoodSteps + 1 } : new LossScaler(Math.Min(Scale * 2, Largest), 0);
    }
}

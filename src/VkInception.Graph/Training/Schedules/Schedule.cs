namespace VkInception.Graph.Training.Schedules;

/// <summary>How the learning rate changes during training: a pure function of where the run stands. One file per schedule.</summary>
public abstract record Schedule
{
    /// <summary>The paper's: 4 % less every 8 epochs (arXiv 1409.4842, section 6).</summary>
    public static Schedule Paper => new StepDecay(0.96, Period.Epochs(8));

    /// <summary>The schedule as <see cref="Parse"/> reads it.</summary>
    protected abstract string Text { get; }

    /// <summary>What the initial learning rate is multiplied by for the step that the clock shows; never negative.</summary>
    public abstract double Factor(ScheduleClock clock);

    /// <summary>The schedule as <see cref="Parse"/> reads it.</summary>
    public sealed override string ToString() => Text;

    /// <summary>
    /// Reads a schedule: <c>constant</c>, <c>paper</c>, <c>step:gamma=0.1,epochs=30</c>, <c>multistep:gamma=0.1,epochs=30/60/80</c>, <c>poly:power=0.5</c>,
    /// <c>exponential:gamma=0.94,epochs=2</c>, <c>cosine:floor=0.01</c>, <c>inverse:gamma=0.0001,power=0.75</c>, <c>sigmoid:gamma=0.01,steps=5000</c>;
    /// before any of them a warm-up: <c>warmup:epochs=5+cosine</c>. Where epochs stand, steps may.
    /// </summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>, with what is allowed.</exception>
    public static Schedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int plus = JoinOf(text);
        if (plus < 0) return Single(text);
        // Two parts at most: a chain of any length would be read by recursion.
        return WarmUp.Read(new SettingsText("schedule", text[..plus], text), Single(text[(plus + 1)..]));
    }

    private static Schedule Single(string text)
    {
        var settings = new SettingsText("schedule", text);
        return settings.Complete<Schedule>(settings.Name switch
        {
            "constant" => new ConstantRate(),
            "paper" => Paper,
            "step" => StepDecay.Read(settings),
            "multistep" => MultiStepDecay.Read(settings),
            "poly" => PolynomialDecay.Read(settings),
            "exponential" => ExponentialDecay.Read(settings),
            "cosine" => CosineDecay.Read(settings),
            "inverse" => InverseDecay.Read(settings),
            "sigmoid" => SigmoidDecay.Read(settings),
            "warmup" => throw settings.Wrong("a warm-up stands before another schedule: warmup:epochs=5+constant"),
            _ => throw settings.Wrong("there is no such schedule; there are constant, paper, step, multistep, poly, exponential, cosine, inverse, sigmoid, and warmup:epochs=N+ANY"),
        });
    }

    // The plus of a number's exponent joins nothing.
    private static int JoinOf(string text)
    {
        for (int i = 0; i < text.Length; i++)
            if (text[i] == '+' && (i + 1 == text.Length || !char.IsAsciiDigit(text[i + 1]))) return i;
        return -1;
    }
}

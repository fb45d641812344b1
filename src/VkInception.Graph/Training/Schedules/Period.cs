namespace VkInception.Graph.Training.Schedules;

/// <summary>A stretch of training, in epochs or in steps.</summary>
/// <param name="Value">How many; above 0.</param>
/// <param name="IsEpochs">Whether epochs are counted, not steps.</param>
public readonly record struct Period(double Value, bool IsEpochs)
{
    private const double Longest = 1e15;

    /// <summary>So many epochs.</summary>
    public static Period Epochs(double count) => new(count, true);

    /// <summary>So many steps.</summary>
    public static Period Steps(double count) => new(count, false);

    /// <summary>Its length in steps, perhaps not a whole number.</summary>
    public double StepsIn(ScheduleClock clock) => IsEpochs ? Value * clock.StepsPerEpoch : Value;

    /// <summary>How many of it lie between the beginning and the clock.</summary>
    public double Passed(ScheduleClock clock) => clock.Step / StepsIn(clock);

    /// <summary>The setting as schedules are written: <c>epochs=30</c>.</summary>
    public override string ToString() => $"{(IsEpochs ? "epochs" : "steps")}={SettingsText.Number(Value)}";

    /// <summary>Reads <c>epochs=…</c> or <c>steps=…</c>; null where neither is given.</summary>
    internal static Period? Read(SettingsText settings)
    {
        bool epochs = settings.Has("epochs"), steps = settings.Has("steps");
        if (epochs && steps) throw settings.Wrong("give epochs or steps, not both");
        if (!epochs && !steps) return null;
        string key = epochs ? "epochs" : "steps";
        double value = settings.Number(key, 0, 0, Longest);
        return value > 0 ? new Period(value, epochs) : throw settings.Wrong($"{key} must be above 0");
    }

    /// <summary>Reads a period that must be given.</summary>
    internal static Period Demand(SettingsText settings)
        => Read(settings) ?? throw settings.Wrong($"{settings.Name} needs epochs=NUMBER or steps=NUMBER");
}

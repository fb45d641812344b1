namespace VkInception.Imaging;

/// <summary>The errors that the format readers share.</summary>
internal static class Damage
{
    public static VkInceptionException Found(string name, string what) => new(ErrorCode.FileDamaged, $"{name}: {what}");

    public static VkInceptionException Truncated(string name, string format) => Found(name, $"the {format} file is truncated");
}

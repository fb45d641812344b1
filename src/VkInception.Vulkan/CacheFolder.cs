namespace VkInception.Vulkan;

/// <summary>Where caches that can be rebuilt live (pipelines, tuning).</summary>
public static class CacheFolder
{
    /// <summary>The variable that names the folder outright.</summary>
    public const string Variable = "VKINCEPTION_CACHE";

    /// <summary><c>$VKINCEPTION_CACHE</c>, else the system's place: <c>$XDG_CACHE_HOME</c> or <c>~/.cache</c>, <c>LocalAppData</c>, <c>~/Library/Caches</c>, with <c>vkinception</c> below. Not created.</summary>
    public static string Default
    {
        get
        {
            string? named = Environment.GetEnvironmentVariable(Variable);
            return string.IsNullOrWhiteSpace(named) ? Path.Combine(SystemFolder(), "vkinception") : Path.GetFullPath(named);
        }
    }

    private static string SystemFolder()
    {
        if (OperatingSystem.IsWindows())
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (home.Length == 0)
            home = Path.GetTempPath();
        if (OperatingSystem.IsMacOS())
            return Path.Combine(home, "Library", "Caches");
        // The XDG specification: a relative path is to be ignored.
        string? xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return xdg is not null && Path.IsPathRooted(xdg) ? xdg : Path.Combine(home, ".cache");
    }
}

namespace VkInception.Cli;

/// <summary>The file that a command writes, and those that it must not write over.</summary>
internal static class OutputFile
{
    /// <summary>Refuses to write over what the command reads.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static void RefuseSource(string output, params string?[] sources)
    {
        if (!File.Exists(output))
            return;
        string target = Resolved(output);
        StringComparison comparison = OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        if (Array.Exists(sources, source => File.Exists(source) && Resolved(source).Equals(target, comparison)))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{output}: is read by this command and would be lost; name another file to write");
    }

    private static string Resolved(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
}

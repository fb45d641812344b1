using Silk.NET.Shaderc;

namespace VkInception.Vulkan;

/// <summary>Which way to Shaderc was chosen, from which surroundings, and why.</summary>
internal sealed record ShaderCompilerChoice(IShaderCompilerBackend? Backend, string Reason, (string Library, string Command, string Path) MadeFrom)
{
    /// <summary>The environment variables that the choice depends on.</summary>
    public static (string Library, string Command, string Path) Surroundings() =>
        (Variable(ShadercLibrary.PathVariable), Variable(ShaderCompilerCommand.PathVariable), Variable("PATH"));

    public static ShaderCompilerChoice Make()
    {
        (string Library, string Command, string Path) from = Surroundings();
        if (from.Command.Length > 0)
        {
            return ShaderCompilerCommand.Find(from.Command) is { } asked
                ? new(asked, $"{asked.Name}: named by {ShaderCompilerCommand.PathVariable}", from)
                : new(null, $"{from.Command}: no such command, though {ShaderCompilerCommand.PathVariable} names it; correct or unset the variable", from);
        }
        (Shaderc? api, string nameOrReason) = ShadercLibrary.Open(from.Library);
        if (api is not null)
        {
            var library = new ShaderCompilerLibrary(api, nameOrReason);
            return new(library, $"{library.Name}: it loads and has every function", from);
        }
        return ShaderCompilerCommand.Find("glslc") is { } command
            ? new(command, $"{command.Name}: no Shaderc library can be used ({nameOrReason})", from)
            : new(null, $"no Shaderc: {nameOrReason}, and no glslc is on the PATH; {Cure()}", from);
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";

    private static string Cure() =>
        OperatingSystem.IsWindows() ? "install the Vulkan SDK"
        : OperatingSystem.IsMacOS() ? "install the Vulkan SDK, or shaderc with Homebrew"
        : "install it (Debian, Ubuntu: apt install glslc; Fedora: dnf install glslc; or the Vulkan SDK)";
}

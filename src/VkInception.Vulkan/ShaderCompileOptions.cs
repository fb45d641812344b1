namespace VkInception.Vulkan;

/// <summary>How a kernel's GLSL is compiled.</summary>
public sealed record ShaderCompileOptions
{
    /// <summary>The name under which messages speak of the source; need not be a file.</summary>
    public string FileName { get; init; } = "kernel.comp";

    /// <summary>Folders in which <c>#include</c> looks, in this order, after the folder of the including file.</summary>
    public IReadOnlyList<string> IncludeFolders { get; init; } = [];

    /// <summary>Macros; null or empty stands for a macro without a value.</summary>
    public IReadOnlyDictionary<string, string?> Defines { get; init; } = new Dictionary<string, string?>();

    /// <summary>The target: <c>vulkan1.0</c>, <c>vulkan1.1</c>, <c>vulkan1.2</c>, <c>vulkan1.3</c> or <c>vulkan1.4</c>.</summary>
    public string TargetEnvironment { get; init; } = "vulkan1.2";

    /// <summary>Whether the SPIR-V is optimized before the driver gets it. Off by default: drivers optimize by themselves.</summary>
    public bool Optimize { get; init; }

    /// <summary>How long the <c>glslc</c> command may take; the library in the process cannot be interrupted.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);
}

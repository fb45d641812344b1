namespace VkInception.Vulkan;

/// <summary>One way to Shaderc: its library or its command.</summary>
internal interface IShaderCompilerBackend
{
    /// <summary>What it is and where it was found.</summary>
    string Name { get; }

    /// <summary>Compiles a source whose options have been checked.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShaderFailed"/>: with the compiler's own words.</exception>
    byte[] Compile(string glsl, ShaderCompileOptions options, CancellationToken cancellationToken);
}

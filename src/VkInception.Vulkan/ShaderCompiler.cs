using System.Buffers.Binary;

namespace VkInception.Vulkan;

/// <summary>Compiles compute kernels from GLSL to SPIR-V with Shaderc: its library in the process where a sound one loads, its <c>glslc</c> command otherwise.</summary>
/// <remarks>
/// The library's own kernels are compiled when it is built and need none of this; users' kernels do.
/// The environment variable <c>VKINCEPTION_GLSLC</c> names a command that is taken before anything else,
/// <c>VKINCEPTION_SHADERC</c> a library that is taken instead of the system's.
/// </remarks>
public static class ShaderCompiler
{
    private const uint SpirvMagic = 0x07230203;
    private const int SpirvHeaderBytes = 20;
    private const int OldestVersion = 310;

    private static readonly string[] Targets = ["vulkan1.0", "vulkan1.1", "vulkan1.2", "vulkan1.3", "vulkan1.4"];
    private static readonly Lock Gate = new();
    private static ShaderCompilerChoice? choice;

    /// <summary>Which compiler is used and why, in one line; where there is none, what to install.</summary>
    public static string Backend => Choose().Reason;

    /// <summary>Compiles a compute kernel.</summary>
    /// <param name="glsl">The source, its <c>#version</c> first, its entry point <c>main</c>.</param>
    /// <param name="options">Includes, macros, target; the defaults where null.</param>
    /// <param name="cancellationToken">Ends the command; the library in the process is not interrupted.</param>
    /// <returns>SPIR-V: 32-bit words in the machine's byte order.</returns>
    /// <exception cref="VkInceptionException">
    /// <see cref="ErrorCode.ShaderFailed"/>: the source does not compile (the message carries the compiler's, with file and line),
    /// or there is no compiler (the message says what to install). <see cref="ErrorCode.InvalidArgument"/>: an option is not understood.
    /// <see cref="ErrorCode.FileNotFound"/>: an include folder does not exist.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static byte[] Compile(string glsl, ShaderCompileOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(glsl);
        options ??= new ShaderCompileOptions();
        Check(options);
        cancellationToken.ThrowIfCancellationRequested();
        ShaderCompilerChoice chosen = Choose();
        IShaderCompilerBackend backend = chosen.Backend ?? throw new VkInceptionException(ErrorCode.ShaderFailed, chosen.Reason);
        return CompileWith(backend, glsl, options, cancellationToken);
    }

    /// <summary>Compiles with one backend and makes sure that what comes back is SPIR-V.</summary>
    internal static byte[] CompileWith(IShaderCompilerBackend backend, string glsl, ShaderCompileOptions options, CancellationToken cancellationToken = default)
    {
        // Of an older version the compiler has no compute shaders; it fails and prints its own insides on standard output.
        if (!(ShaderVersion.Of(glsl) >= OldestVersion))
            throw new VkInceptionException(ErrorCode.ShaderFailed, $"{options.FileName}:1: a kernel begins with its version, at least #version {OldestVersion}; 450 is usual");
        byte[] spirv = backend.Compile(glsl, options, cancellationToken);
        if (spirv.Length < SpirvHeaderBytes || spirv.Length % 4 != 0 || BinaryPrimitives.ReadUInt32LittleEndian(spirv) != SpirvMagic)
            throw new VkInceptionException(ErrorCode.ShaderFailed, $"{options.FileName}: {backend.Name} returned {spirv.Length} bytes that are not SPIR-V; check its installation");
        return spirv;
    }

    private static ShaderCompilerChoice Choose()
    {
        (string, string, string) surroundings = ShaderCompilerChoice.Surroundings();
        lock (Gate)
        {
            // A choice is kept for as long as what it was made from stays the same; finding none is not kept at all.
            if (choice?.Backend is null || choice.MadeFrom != surroundings)
                choice = ShaderCompilerChoice.Make();
            return choice;
        }
    }

    private static void Check(ShaderCompileOptions options)
    {
        if (!Targets.Contains(options.TargetEnvironment))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"target environment '{options.TargetEnvironment}' is not one of {string.Join(", ", Targets)}");
        if (string.IsNullOrWhiteSpace(options.FileName) || options.FileName.AsSpan().ContainsAny('\0', '\n', '\r'))
            throw new VkInceptionException(ErrorCode.InvalidArgument, "the file name of a kernel must be one line of text");
        if (options.Timeout <= TimeSpan.Zero || options.Timeout.TotalMilliseconds > int.MaxValue)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a timeout of {options.Timeout} is not between zero and 24 days");
        foreach ((string name, string? value) in options.Defines)
        {
            bool identifier = name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
            if (!identifier || (value ?? "").AsSpan().ContainsAny('\0', '\n', '\r'))
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"macro '{name}={value}': the name must be an identifier and the value one line");
        }
        foreach (string folder in options.IncludeFolders)
        {
            if (!Directory.Exists(folder))
                throw new VkInceptionException(ErrorCode.FileNotFound, $"include folder {folder} does not exist");
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Silk.NET.Shaderc;

namespace VkInception.Vulkan;

/// <summary>Shaderc's library in this process.</summary>
internal sealed unsafe class ShaderCompilerLibrary : IShaderCompilerBackend
{
    private readonly Shaderc api;
    private readonly string file;
    private readonly Compiler* compiler;

    // The compiler serves every thread and lives as long as the process, as the library itself does.
    public ShaderCompilerLibrary(Shaderc api, string file)
    {
        this.api = api;
        this.file = file;
        compiler = api.CompilerInitialize();
        if (compiler == null)
            throw new VkInceptionException(ErrorCode.ShaderFailed, $"{file}: Shaderc does not start; install another, or set {ShaderCompilerCommand.PathVariable}");
    }

    public string Name => $"the library {file}";

    public byte[] Compile(string glsl, ShaderCompileOptions options, CancellationToken cancellationToken)
    {
        var search = new ShaderIncludeSearch(options.IncludeFolders);
        GCHandle handle = GCHandle.Alloc(search);
        CompileOptions* native = api.CompileOptionsInitialize();
        CompilationResult* result = null;
        try
        {
            Set(native, options);
            api.CompileOptionsSetIncludeCallbacks(native, new(&ResolveInclude), new(&ReleaseInclude), (void*)GCHandle.ToIntPtr(handle));
            byte[] source = Encoding.UTF8.GetBytes(glsl + '\0');
            fixed (byte* text = source, name = Encoding.UTF8.GetBytes(options.FileName + '\0'), entry = "main\0"u8)
                result = api.CompileIntoSpv(compiler, text, (nuint)source.Length - 1, ShaderKind.ComputeShader, name, entry, native);
            return Read(result, options.FileName);
        }
        finally
        {
            if (result != null)
                api.ResultRelease(result);
            api.CompileOptionsRelease(native);
            handle.Free();
        }
    }

    private void Set(CompileOptions* native, ShaderCompileOptions options)
    {
        EnvVersion version = options.TargetEnvironment switch
        {
            "vulkan1.0" => EnvVersion.Vulkan10,
            "vulkan1.1" => EnvVersion.Vulkan11,
            "vulkan1.3" => EnvVersion.Vulkan13,
            "vulkan1.4" => EnvVersion.Vulkan14,
            _ => EnvVersion.Vulkan12,
        };
        api.CompileOptionsSetTargetEnv(native, TargetEnv.Vulkan, (uint)version);
        api.CompileOptionsSetOptimizationLevel(native, options.Optimize ? OptimizationLevel.Performance : OptimizationLevel.Zero);
        foreach ((string name, string? value) in options.Defines)
        {
            byte[] nameBytes = Encoding.UTF8.GetBytes(name);
            byte[] valueBytes = Encoding.UTF8.GetBytes(value ?? "");
            fixed (byte* namePointer = nameBytes, valuePointer = valueBytes)
                api.CompileOptionsAddMacroDefinition(native, namePointer, (nuint)nameBytes.Length, valuePointer, (nuint)valueBytes.Length);
        }
    }

    private byte[] Read(CompilationResult* result, string fileName)
    {
        if (result == null)
            throw new VkInceptionException(ErrorCode.ShaderFailed, $"{fileName}: {Name} gave no result; the kernel may be too large for the memory there is");
        if (api.ResultGetCompilationStatus(result) != CompilationStatus.Success)
            throw ShaderCompilerMessages.Failure(fileName, Marshal.PtrToStringUTF8((nint)api.ResultGetErrorMessage(result)) ?? "");
        return new ReadOnlySpan<byte>(api.ResultGetBytes(result), checked((int)api.ResultGetLength(result))).ToArray();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static IncludeResult* ResolveInclude(void* userData, byte* requested, int type, byte* requesting, nuint depth)
    {
        var search = (ShaderIncludeSearch)GCHandle.FromIntPtr((nint)userData).Target!;
        (string path, byte[] content) = search.Find(
            Marshal.PtrToStringUTF8((nint)requested) ?? "",
            (IncludeType)type == IncludeType.Relative ? Marshal.PtrToStringUTF8((nint)requesting) : null,
            depth);
        byte[] name = Encoding.UTF8.GetBytes(path);
        var result = (IncludeResult*)NativeMemory.Alloc((nuint)sizeof(IncludeResult));
        *result = new IncludeResult
        {
            SourceName = Copy(name),
            SourceNameLength = (nuint)name.Length,
            Content = Copy(content),
            ContentLength = (nuint)content.Length,
        };
        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ReleaseInclude(void* userData, IncludeResult* result)
    {
        NativeMemory.Free(result->SourceName);
        NativeMemory.Free(result->Content);
        NativeMemory.Free(result);
    }

    private static byte* Copy(byte[] bytes)
    {
        var copy = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return copy;
    }
}

using System.Runtime.InteropServices;

namespace Silk.NET.Shaderc;

/// <summary>Shaderc's C interface, as much as compiling needs, in Silk.NET.Shaderc's names.</summary>
internal sealed unsafe class Shaderc
{
    private readonly delegate* unmanaged[Cdecl]<Compiler*> compilerInitialize;
    private readonly delegate* unmanaged[Cdecl]<CompileOptions*> compileOptionsInitialize;
    private readonly delegate* unmanaged[Cdecl]<CompileOptions*, void> compileOptionsRelease;
    private readonly delegate* unmanaged[Cdecl]<CompileOptions*, byte*, nuint, byte*, nuint, void> compileOptionsAddMacroDefinition;
    private readonly delegate* unmanaged[Cdecl]<CompileOptions*, OptimizationLevel, void> compileOptionsSetOptimizationLevel;
    private readonly delegate* unmanaged[Cdecl]<CompileOptions*, TargetEnv, uint, void> compileOptionsSetTargetEnv;
    private readonly delegate* unmanaged[Cdecl]<CompileOptions*, delegate* unmanaged[Cdecl]<void*, byte*, int, byte*, nuint, IncludeResult*>, delegate* unmanaged[Cdecl]<void*, IncludeResult*, void>, void*, void> compileOptionsSetIncludeCallbacks;
    private readonly delegate* unmanaged[Cdecl]<Compiler*, byte*, nuint, ShaderKind, byte*, byte*, CompileOptions*, CompilationResult*> compileIntoSpv;
    private readonly delegate* unmanaged[Cdecl]<CompilationResult*, CompilationStatus> resultGetCompilationStatus;
    private readonly delegate* unmanaged[Cdecl]<CompilationResult*, nuint> resultGetLength;
    private readonly delegate* unmanaged[Cdecl]<CompilationResult*, byte*> resultGetBytes;
    private readonly delegate* unmanaged[Cdecl]<CompilationResult*, byte*> resultGetErrorMessage;
    private readonly delegate* unmanaged[Cdecl]<CompilationResult*, void> resultRelease;

    /// <summary>Takes every function at once, so that a library that lacks one is refused here and not in a call.</summary>
    /// <exception cref="EntryPointNotFoundException">The library is not Shaderc.</exception>
    public Shaderc(nint library)
    {
        compilerInitialize = (delegate* unmanaged[Cdecl]<Compiler*>)NativeLibrary.GetExport(library, "shaderc_compiler_initialize");
        compileOptionsInitialize = (delegate* unmanaged[Cdecl]<CompileOptions*>)NativeLibrary.GetExport(library, "shaderc_compile_options_initialize");
        compileOptionsRelease = (delegate* unmanaged[Cdecl]<CompileOptions*, void>)NativeLibrary.GetExport(library, "shaderc_compile_options_release");
        compileOptionsAddMacroDefinition = (delegate* unmanaged[Cdecl]<CompileOptions*, byte*, nuint, byte*, nuint, void>)NativeLibrary.GetExport(library, "shaderc_compile_options_add_macro_definition");
        compileOptionsSetOptimizationLevel = (delegate* unmanaged[Cdecl]<CompileOptions*, OptimizationLevel, void>)NativeLibrary.GetExport(library, "shaderc_compile_options_set_optimization_level");
        compileOptionsSetTargetEnv = (delegate* unmanaged[Cdecl]<CompileOptions*, TargetEnv, uint, void>)NativeLibrary.GetExport(library, "shaderc_compile_options_set_target_env");
        compileOptionsSetIncludeCallbacks = (delegate* unmanaged[Cdecl]<CompileOptions*, delegate* unmanaged[Cdecl]<void*, byte*, int, byte*, nuint, IncludeResult*>, delegate* unmanaged[Cdecl]<void*, IncludeResult*, void>, void*, void>)NativeLibrary.GetExport(library, "shaderc_compile_options_set_include_callbacks");
        compileIntoSpv = (delegate* unmanaged[Cdecl]<Compiler*, byte*, nuint, ShaderKind, byte*, byte*, CompileOptions*, CompilationResult*>)NativeLibrary.GetExport(library, "shaderc_compile_into_spv");
        resultGetCompilationStatus = (delegate* unmanaged[Cdecl]<CompilationResult*, CompilationStatus>)NativeLibrary.GetExport(library, "shaderc_result_get_compilation_status");
        resultGetLength = (delegate* unmanaged[Cdecl]<CompilationResult*, nuint>)NativeLibrary.GetExport(library, "shaderc_result_get_length");
        resultGetBytes = (delegate* unmanaged[Cdecl]<CompilationResult*, byte*>)NativeLibrary.GetExport(library, "shaderc_result_get_bytes");
        resultGetErrorMessage = (delegate* unmanaged[Cdecl]<CompilationResult*, byte*>)NativeLibrary.GetExport(library, "shaderc_result_get_error_message");
        resultRelease = (delegate* unmanaged[Cdecl]<CompilationResult*, void>)NativeLibrary.GetExport(library, "shaderc_result_release");
    }

    public Compiler* CompilerInitialize() => compilerInitialize();

    public CompileOptions* CompileOptionsInitialize() => compileOptionsInitialize();

    public void CompileOptionsRelease(CompileOptions* options) => compileOptionsRelease(options);

    public void CompileOptionsAddMacroDefinition(CompileOptions* options, byte* name, nuint nameLength, byte* value, nuint valueLength) => compileOptionsAddMacroDefinition(options, name, nameLength, value, valueLength);

    public void CompileOptionsSetOptimizationLevel(CompileOptions* options, OptimizationLevel level) => compileOptionsSetOptimizationLevel(options, level);

    public void CompileOptionsSetTargetEnv(CompileOptions* options, TargetEnv target, uint version) => compileOptionsSetTargetEnv(options, target, version);

    public void CompileOptionsSetIncludeCallbacks(CompileOptions* options, PfnIncludeResolveFn resolver, PfnIncludeResultReleaseFn resultReleaser, void* userData) => compileOptionsSetIncludeCallbacks(options, resolver.Handle, resultReleaser.Handle, userData);

    public CompilationResult* CompileIntoSpv(Compiler* compiler, byte* sourceText, nuint sourceTextSize, ShaderKind shaderKind, byte* inputFileName, byte* entryPointName, CompileOptions* additionalOptions) => compileIntoSpv(compiler, sourceText, sourceTextSize, shaderKind, inputFileName, entryPointName, additionalOptions);

    public CompilationStatus ResultGetCompilationStatus(CompilationResult* result) => resultGetCompilationStatus(result);

    public nuint ResultGetLength(CompilationResult* result) => resultGetLength(result);

    public byte* ResultGetBytes(CompilationResult* result) => resultGetBytes(result);

    public byte* ResultGetErrorMessage(CompilationResult* result) => resultGetErrorMessage(result);

    public void ResultRelease(CompilationResult* result) => resultRelease(result);
}

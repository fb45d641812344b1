using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace VkInception.Vulkan;

/// <summary>Shaderc's <c>glslc</c> command. The source goes in and SPIR-V comes out through pipes: no file is left behind.</summary>
internal sealed class ShaderCompilerCommand : IShaderCompilerBackend
{
    /// <summary>Names the command to take.</summary>
    public const string PathVariable = "VKINCEPTION_GLSLC";

    private const string StandardInput = "<stdin>";

    private readonly string path;

    private ShaderCompilerCommand(string path) => this.path = path;

    public string Name => $"the command {path}";

    /// <summary>The command by its path, or by its name on the PATH and in the Vulkan SDK; null where there is none.</summary>
    public static ShaderCompilerCommand? Find(string command)
    {
        string file = OperatingSystem.IsWindows() && !Path.HasExtension(command) ? command + ".exe" : command;
        if (file.AsSpan().ContainsAny('/', '\\'))
            return File.Exists(file) ? new ShaderCompilerCommand(Path.GetFullPath(file)) : null;
        List<string> folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];
        if (Environment.GetEnvironmentVariable("VULKAN_SDK") is { Length: > 0 } sdk)
            folders.Add(Path.Combine(sdk, "bin"));
        string? found = folders.Where(f => f.Length > 0).Select(f => Path.Combine(f, file)).FirstOrDefault(File.Exists);
        return found is null ? null : new ShaderCompilerCommand(Path.GetFullPath(found));
    }

    public byte[] Compile(string glsl, ShaderCompileOptions options, CancellationToken cancellationToken)
    {
        using Process process = Start(options);
        using var spirv = new MemoryStream();
        try
        {
            Task<bool> written = Write(process, glsl);
            Task<string> printed = process.StandardError.ReadToEndAsync(CancellationToken.None);
            Task copied = process.StandardOutput.BaseStream.CopyToAsync(spirv, CancellationToken.None);
            Task finished = Task.WhenAll(written, printed, copied, process.WaitForExitAsync(CancellationToken.None));
            if (Task.WaitAny([finished], (int)options.Timeout.TotalMilliseconds, cancellationToken) < 0)
                throw new VkInceptionException(ErrorCode.ShaderFailed, $"{options.FileName}: {Name} did not finish within {options.Timeout.TotalSeconds:0.#} s; simplify the kernel or allow more time");
            finished.GetAwaiter().GetResult();
            if (process.ExitCode != 0)
                throw ShaderCompilerMessages.Failure(options.FileName, printed.Result.Replace(StandardInput, options.FileName, StringComparison.Ordinal));
            return written.Result ? spirv.ToArray()
                : throw new VkInceptionException(ErrorCode.ShaderFailed, $"{options.FileName}: {Name} did not read the source; check that it is Shaderc's glslc");
        }
        catch (IOException e)
        {
            throw new VkInceptionException(ErrorCode.ShaderFailed, $"{options.FileName}: {Name} broke off: {e.Message}", e);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Hands the source over; false where the command closes its input early, as it does when it refuses its options.</summary>
    private static async Task<bool> Write(Process process, string glsl)
    {
        try
        {
            await using Stream input = process.StandardInput.BaseStream;
            await input.WriteAsync(Encoding.UTF8.GetBytes(glsl)).ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private Process Start(ShaderCompileOptions options)
    {
        var start = new ProcessStartInfo(path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
            // A source from standard input includes from the current folder first; only the include folders are meant.
            WorkingDirectory = options.IncludeFolders.Count > 0 ? Path.GetFullPath(options.IncludeFolders[0]) : AppContext.BaseDirectory,
        };
        string[] arguments =
        [
            "-fshader-stage=compute", $"--target-env={options.TargetEnvironment}", options.Optimize ? "-O" : "-O0",
            .. options.IncludeFolders.SelectMany(f => (string[])["-I", Path.GetFullPath(f)]),
            .. options.Defines.Select(d => string.IsNullOrEmpty(d.Value) ? $"-D{d.Key}" : $"-D{d.Key}={d.Value}"),
            "-o", "-", "-",
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new VkInceptionException(ErrorCode.ShaderFailed, $"{Name} cannot be started: {e.Message}; install glslc or name another by {PathVariable}", e);
        }
    }
}

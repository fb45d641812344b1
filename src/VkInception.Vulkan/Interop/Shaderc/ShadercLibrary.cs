using System.Runtime.InteropServices;
using System.Text;

namespace Silk.NET.Shaderc;

/// <summary>Finds Shaderc's library and loads it only where every symbol of it resolves.</summary>
/// <remarks>
/// Debian 12 ships a library with 41 undefined symbols. Loaded lazily, as .NET loads, such a library ends the process at
/// the first call, so the system is asked to resolve everything at once (RTLD_NOW) and to refuse otherwise.
/// </remarks>
internal static unsafe class ShadercLibrary
{
    /// <summary>Names a library to take instead of the system's.</summary>
    public const string PathVariable = "VKINCEPTION_SHADERC";

    private const int ResolveNow = 2;

    /// <summary>The library and its name, or the reason why there is none.</summary>
    public static (Shaderc? Api, string NameOrReason) Open(string asked)
    {
        var reasons = new List<string>();
        foreach (string name in asked.Length > 0 ? [asked] : Names())
        {
            string? reason = TryLoad(name, out nint library);
            if (reason is null)
            {
                try
                {
                    return (new Shaderc(library), name);
                }
                catch (EntryPointNotFoundException e)
                {
                    NativeLibrary.Free(library);
                    reason = e.Message;
                }
            }
            reasons.Add(reason);
        }
        // The first name is the usual one, but a library that is there and broken tells more than one that is absent.
        string telling = reasons.Find(r => !r.Contains("No such file", StringComparison.Ordinal)) ?? reasons[0];
        return (null, telling.ReplaceLineEndings(" "));
    }

    private static string[] Names() =>
        OperatingSystem.IsWindows() ? ["shaderc_shared.dll"]
        : OperatingSystem.IsMacOS() ? ["libshaderc_shared.1.dylib", "libshaderc_shared.dylib", "/opt/homebrew/lib/libshaderc_shared.dylib", "/usr/local/lib/libshaderc_shared.dylib"]
        : ["libshaderc_shared.so.1", "libshaderc.so.1", "libshaderc_shared.so", "libshaderc.so"];

    private static string? TryLoad(string name, out nint library)
    {
        if (OperatingSystem.IsWindows())
            return NativeLibrary.TryLoad(name, out library) ? null : $"{name} cannot be loaded";
        library = 0;
        var open = (delegate* unmanaged[Cdecl]<byte*, int, nint>)SystemFunction("dlopen");
        var error = (delegate* unmanaged[Cdecl]<byte*>)SystemFunction("dlerror");
        if (open == null || error == null)
            return $"{name} cannot be loaded safely: this system has no dlopen";
        fixed (byte* path = Encoding.UTF8.GetBytes(name + '\0'))
            library = open(path, ResolveNow);
        return library != 0 ? null : Marshal.PtrToStringUTF8((nint)error()) ?? $"{name} cannot be loaded";
    }

    // dlopen moved from libdl into libc with glibc 2.34; macOS has it in libSystem.
    private static nint SystemFunction(string name)
    {
        foreach (string library in (string[])["libc.so.6", "libdl.so.2", "libSystem.dylib", "libc.so"])
        {
            if (NativeLibrary.TryLoad(library, out nint handle) && NativeLibrary.TryGetExport(handle, name, out nint address))
                return address;
        }
        return 0;
    }
}

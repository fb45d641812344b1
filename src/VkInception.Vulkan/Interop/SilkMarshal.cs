using System.Runtime.InteropServices;

namespace Silk.NET.Core.Native;

/// <summary>Strings as Vulkan takes them: UTF-8, ended by zero, outside the collector's reach until freed.</summary>
internal static unsafe class SilkMarshal
{
    public static nint StringToPtr(string? text) => Marshal.StringToCoTaskMemUTF8(text);

    public static string? PtrToString(nint text) => Marshal.PtrToStringUTF8(text);

    public static nint StringArrayToPtr(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        // The count stands before the array, so that the array alone is enough to free it.
        nint* block = (nint*)Marshal.AllocCoTaskMem((texts.Count + 1) * sizeof(nint));
        block[0] = texts.Count;
        for (int i = 0; i < texts.Count; i++)
            block[i + 1] = StringToPtr(texts[i]);
        return (nint)(block + 1);
    }

    public static bool Free(nint text)
    {
        Marshal.FreeCoTaskMem(text);
        return true;
    }

    public static void FreeStringArray(nint array)
    {
        nint* block = (nint*)array - 1;
        for (nint i = 0; i < block[0]; i++)
            Free(block[i + 1]);
        Marshal.FreeCoTaskMem((nint)block);
    }
}

using System.Runtime.InteropServices;

namespace VkInception.Vulkan;

/// <summary>UTF-8 strings in native memory for the length of a call.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<nint> allocations = [];

    public byte* Add(string text)
    {
        nint copy = Marshal.StringToCoTaskMemUTF8(text);
        allocations.Add(copy);
        return (byte*)copy;
    }

    public byte** AddAll(IReadOnlyList<string> texts)
    {
        nint array = Marshal.AllocCoTaskMem(Math.Max(1, texts.Count) * sizeof(byte*));
        allocations.Add(array);
        for (int i = 0; i < texts.Count; i++)
            ((byte**)array)[i] = Add(texts[i]);
        return (byte**)array;
    }

    public static string Read(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    public void Dispose()
    {
        foreach (nint allocation in allocations)
            Marshal.FreeCoTaskMem(allocation);
        allocations.Clear();
    }
}

using System.Runtime.InteropServices;

namespace Silk.NET.Shaderc;

/// <summary>An included file: its name and text, or no name and the reason why it could not be included.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IncludeResult
{
    public byte* SourceName;
    public nuint SourceNameLength;
    public byte* Content;
    public nuint ContentLength;
    public void* UserData;
}

namespace Silk.NET.Shaderc;

/// <summary>How an include was written: in quotes, or in angle brackets.</summary>
internal enum IncludeType : int
{
    Relative = 0,
    Standard = 1,
}

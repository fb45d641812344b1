namespace Silk.NET.Shaderc;

/// <summary>Gives back what the resolver returned.</summary>
internal unsafe readonly struct PfnIncludeResultReleaseFn(delegate* unmanaged[Cdecl]<void*, IncludeResult*, void> ptr)
{
    public delegate* unmanaged[Cdecl]<void*, IncludeResult*, void> Handle { get; } = ptr;

    public static implicit operator PfnIncludeResultReleaseFn(delegate* unmanaged[Cdecl]<void*, IncludeResult*, void> ptr) => new(ptr);
}

namespace Silk.NET.Shaderc;

/// <summary>Finds an included file.</summary>
internal unsafe readonly struct PfnIncludeResolveFn(delegate* unmanaged[Cdecl]<void*, byte*, int, byte*, nuint, IncludeResult*> ptr)
{
    public delegate* unmanaged[Cdecl]<void*, byte*, int, byte*, nuint, IncludeResult*> Handle { get; } = ptr;

    public static implicit operator PfnIncludeResolveFn(delegate* unmanaged[Cdecl]<void*, byte*, int, byte*, nuint, IncludeResult*> ptr) => new(ptr);
}

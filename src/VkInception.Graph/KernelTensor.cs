namespace VkInception.Graph;

/// <summary>A tensor as a kernel sees it: the symbol in the shader (<c>x y w b dx dy</c>), the memory, the access.</summary>
public sealed record KernelTensor(string Name, TensorView View, Access Access);

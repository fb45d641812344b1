namespace VkInception.Vulkan;

/// <summary>A shape of matrices that a subgroup multiplies as one (VK_KHR_cooperative_matrix): M×K by K×N, added to M×N.</summary>
/// <param name="M">Rows of the first matrix and of the sum.</param>
/// <param name="N">Columns of the second matrix and of the sum.</param>
/// <param name="K">Columns of the first matrix, rows of the second.</param>
public sealed record CooperativeMatrix(int M, int N, int K);

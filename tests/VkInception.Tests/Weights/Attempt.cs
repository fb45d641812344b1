using VkInception.Weights;

namespace VkInception.Tests.Weights;

/// <summary>Reading that may fail in any way: the test says in which it must not.</summary>
internal static class Attempt
{
    /// <summary>Opens a checkpoint and reads every tensor to its end.</summary>
    /// <returns>What it threw; null where it was read.</returns>
    public static Exception? Read(string path)
    {
        try
        {
            using Checkpoint checkpoint = Checkpoint.Open(path);
            foreach (NamedTensor tensor in checkpoint.Tensors) tensor.ToFloat32();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}

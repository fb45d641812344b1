using VkInception.Graph;

namespace VkInception;

/// <summary>Measures every layer of a model for itself, for comparison with what the device can do at most (<see cref="FmaPeak"/>, <see cref="BandwidthPeak"/>).</summary>
public static class Roofline
{
    private const int Repeats = 5;

    /// <summary>The layers in the order in which they run; empty where the device has no timestamps.</summary>
    /// <exception cref="VkInceptionException">Vulkan's errors.</exception>
    public static IReadOnlyList<LayerTime> Measure(CompiledModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        double[]? best = null;
        for (int i = 0; i < Repeats; i++)
        {
            double[] times = [.. model.Profile().Select(p => p.Milliseconds)];
            best = best is null ? times : [.. best.Zip(times, Math.Min)];
        }
        // Timestamps have a step; a kernel shorter than that took half of it at most.
        const double shortest = 1e-4;
        return best is not { Length: > 0 } ? [] : [.. model.Plan.Steps.Zip(best).GroupBy(s => s.First.Node).Select(layer => new LayerTime(
            layer.First().First.Name,
            layer.First().First.Work,
            string.Join(" + ", layer.Select(s => s.First.Kernel).Distinct()),
            Math.Max(layer.Sum(s => s.Second), shortest),
            layer.Key?.MultiplyAdds ?? 0,
            layer.Sum(s => s.First.Launch.Tensors.Sum(Bytes))))];
    }

    private static long Bytes(KernelTensor tensor)
        => tensor.View.Shape.Count * tensor.View.Storage.ElementBytes * (tensor.Access == Access.ReadWrite ? 2 : 1);
}

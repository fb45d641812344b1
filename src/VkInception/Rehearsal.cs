using VkInception.Graph.Planning;
using VkInception.Kernels;
using VkInception.Running;

namespace VkInception;

/// <summary>Shortens a start: what <see cref="Model.Compile"/> does before it touches a device, done while the device is still opening.</summary>
public static class Rehearsal
{
    /// <summary>Plans for a device as most are and reads the shaders, so that the code that does it is compiled, and the shaders are read, when the device is there. The plan is thrown away.</summary>
    /// <param name="model">The model that will be compiled.</param>
    /// <param name="options">As it will be compiled; the chooser of kernels is not asked.</param>
    /// <exception cref="VkInceptionException">What <see cref="Model.Compile"/> would raise for this model and these options on any device.</exception>
    public static void Run(Model model, CompileOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var common = new DeviceTraits { SubgroupSize = 8, MaxWorkgroupInvocations = 1024, IsProcessor = true, SubgroupShuffle = true, Int64 = true };
        ExecutionPlan plan = Planner.Plan(model.InferenceNetwork(options), new ConvolutionKernels(common), options.Precision);
        foreach (PlanStep step in plan.Steps.Concat(plan.Preparation))
            PushLayout.Specialize(ShaderLibrary.Load(step.Launch, pairs: true), step.Launch);
    }
}

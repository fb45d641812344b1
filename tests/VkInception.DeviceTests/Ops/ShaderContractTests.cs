using VkInception.Running;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Ops;

/// <summary>What every shader must keep to, read from its SPIR-V; that dispatches name what shaders declare is checked whenever one is recorded.</summary>
internal sealed class ShaderContractTests
{
    public static IEnumerable<string> Shaders => ShaderLibrary.Names;

    [TestCaseSource(nameof(Shaders))]
    public void PushBlock_FitsEveryDevice(string shader)
    {
        SpirvModule module = ShaderLibrary.Load(shader);
        Assert.That(module.PushBytes, Is.LessThanOrEqualTo(128), "bytes of push constants that Vulkan guarantees");
        Assert.That(module.Push.Select(m => m.Name), Is.Unique.And.All.Not.Empty);
    }

    [TestCaseSource(nameof(Shaders))]
    public void SpecializationConstants_HaveNamesAndLeaveIdZeroToTheWorkgroup(string shader)
    {
        SpirvModule module = ShaderLibrary.Load(shader);
        Assert.That(module.Specialization.Count(s => s.Id == 0), Is.EqualTo(1), "local_size_x_id = 0");
        Assert.That(module.Specialization.Where(s => s.Id != 0).Select(s => s.Name), Is.Unique.And.All.Not.Empty);
    }
}

using System.Globalization;
using System.Text;
using VkInception.Graph;
using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>A kernel as a launch asks for it: shader, constants, workgroup.</summary>
internal sealed class KernelOrder
{
    /// <summary>Invocations per workgroup where a kernel does not care.</summary>
    private const uint DefaultLocalSize = 64;

    private readonly IReadOnlyList<KernelConstant> constants;
    private readonly uint? subgroup;

    private KernelOrder(SpirvModule module, IReadOnlyList<KernelConstant> constants, uint local, uint? subgroup)
    {
        Module = module;
        LocalSize = local;
        this.constants = constants;
        this.subgroup = subgroup;
    }

    public SpirvModule Module { get; }

    public uint LocalSize { get; }

    /// <summary>The same text for the same kernel.</summary>
    public string Key
    {
        get
        {
            var text = new StringBuilder(Module.Name).Append('/').Append(LocalSize).Append('/').Append(subgroup ?? 0);
            foreach (KernelConstant constant in constants) text.Append('/').Append(constant.Name).Append('=').Append(constant.Bits.ToString(CultureInfo.InvariantCulture));
            return text.ToString();
        }
    }

    /// <summary>How long the driver may take to make it, in no unit: the size of the code, times that of the tile for which its loops are unrolled.</summary>
    public double Cost
    {
        get
        {
            double cost = Module.CodeBytes;
            foreach (KernelConstant constant in constants)
                if (constant.Name.StartsWith("tile", StringComparison.Ordinal)) cost *= Math.Max(constant.Bits, 1);
            return cost;
        }
    }

    /// <exception cref="VkInceptionException">A shader that does not declare what its dispatch passes.</exception>
    public static KernelOrder Of(DeviceInfo device, ShaderDispatch launch)
    {
        SpirvModule module = ShaderLibrary.Load(launch, pairs: device.Type == DeviceType.Cpu && device.Int64);
        uint local = launch.LocalSize > 0 ? (uint)launch.LocalSize : Math.Min(DefaultLocalSize, device.MaxWorkgroupInvocations);
        uint lanes = launch.SubgroupSize > 0 ? (uint)launch.SubgroupSize : launch.WholeSubgroup ? local : 0;
        return new KernelOrder(module, PushLayout.Specialize(module, launch), local, lanes > 0 && device.SubgroupSizeControl ? lanes : null);
    }

    /// <exception cref="VkInceptionException">Vulkan's errors.</exception>
    public ComputeKernel Make(GpuDevice device) => device.GetKernel(Module, constants, LocalSize, subgroup);
}

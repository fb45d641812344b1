using System.CommandLine;
using VkInception.Cli.Documents;
using VkInception.Vulkan;

namespace VkInception.Cli.Commands;

/// <summary><c>devices</c>: every Vulkan device, and which one <c>auto</c> takes.</summary>
internal sealed class DevicesCommand() : CliCommand("devices", "Lists every Vulkan device, and which one 'auto' takes and why", "devices", "devices --json")
{
    public override Task<int> RunAsync(ParseResult parsed, CommandContext context)
    {
        IReadOnlyList<DeviceInfo> devices = GpuDevice.List();
        if (devices.Count == 0)
            throw new VkInceptionException(ErrorCode.NoDevice, "the Vulkan drivers of this machine offer no device: install a GPU's driver, or the software one (tools/setup.sh does)");
        if (context.Terminal.Json)
            context.Terminal.Document([.. devices.Select(Describe)], JsonDocuments.Plain.DeviceDocumentArray);
        else
            Print(devices, context.Terminal);
        return Task.FromResult(0);
    }

    private static DeviceDocument Describe(DeviceInfo d) => new(
        d.Index, d.Name, TypeName(d.Type), d.Uuid, d.DriverName, d.DriverVersion, d.ApiVersion, d.MemoryBytes, d.UnifiedMemory,
        d.SubgroupSize, d.MinSubgroupSize, d.MaxSubgroupSize, d.SharedMemoryBytes, d.MaxWorkgroupInvocations,
        d.Float16, d.Float64, d.Int8, d.Timestamps, d.CooperativeMatrices, d.Unsuitable, d.Selected, d.SelectionReason);

    private static void Print(IReadOnlyList<DeviceInfo> devices, Terminal terminal)
    {
        var table = new TextTable(">index", "name", "type", "driver", ">memory", ">subgroup", "fp16", "cooperative matrix", "auto");
        foreach (DeviceInfo d in devices)
        {
            table.Add(
                Counts.Grouped(d.Index), d.Name, TypeName(d.Type), $"{d.DriverName} {d.DriverVersion} (Vulkan {d.ApiVersion})", Counts.Bytes(d.MemoryBytes),
                d.MinSubgroupSize == d.MaxSubgroupSize ? $"{d.SubgroupSize}" : $"{d.SubgroupSize} ({d.MinSubgroupSize} to {d.MaxSubgroupSize})",
                d.Float16 ? "yes" : "no", d.CooperativeMatrices.Count == 0 ? "no" : string.Join(", ", d.CooperativeMatrices), d.Selected ? "takes it" : "");
        }

        terminal.Table(table);
        foreach (DeviceInfo d in devices)
            terminal.Line($"{d.Index}: {d.Unsuitable ?? d.SelectionReason}");
    }

    private static string TypeName(DeviceType type) => type switch
    {
        DeviceType.DiscreteGpu => "discrete",
        DeviceType.IntegratedGpu => "integrated",
        DeviceType.VirtualGpu => "virtual",
        DeviceType.Cpu => "cpu",
        _ => "other",
    };
}

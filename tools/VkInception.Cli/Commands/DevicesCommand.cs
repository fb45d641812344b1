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
        foreach (DeviceInfo d in devices)
        {
            string subgroup = d.MinSubgroupSize == d.MaxSubgroupSize ? $"{d.SubgroupSize}" : $"{d.SubgroupSize} ({d.MinSubgroupSize} to {d.MaxSubgroupSize})";
            terminal.Line($"{d.Index}: {d.Name}");
            terminal.Line($"   {TypeName(d.Type)}, {Memory(d)}, Vulkan {d.ApiVersion}, driver {d.DriverName} {d.DriverVersion}");
            terminal.Line($"   subgroup size {subgroup}, fp16 {(d.Float16 ? "yes" : "no")}, cooperative matrix {(d.CooperativeMatrices.Count == 0 ? "no" : string.Join(", ", d.CooperativeMatrices))}");
            terminal.Line($"   {d.Unsuitable ?? d.SelectionReason}");
        }
    }

    /// <summary>How much memory, and whose: a card whose whole memory the host reaches (resizable BAR) still has it to itself.</summary>
    internal static string Memory(DeviceInfo d) => Counts.Bytes(d.MemoryBytes) + d switch
    {
        { UnifiedMemory: false } => "",
        { Type: DeviceType.IntegratedGpu or DeviceType.Cpu } => " shared with the host",
        _ => " host-visible",
    };

    private static string TypeName(DeviceType type) => type switch
    {
        DeviceType.DiscreteGpu => "discrete",
        DeviceType.IntegratedGpu => "integrated",
        DeviceType.VirtualGpu => "virtual",
        DeviceType.Cpu => "cpu",
        _ => "other",
    };
}

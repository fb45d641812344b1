using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Silk.NET.Core;
using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.EXT;

namespace VkInception.Vulkan;

/// <summary>The Vulkan instance, with portability drivers, and the validation layer where asked for.</summary>
internal sealed unsafe class VulkanInstance : IDisposable
{
    private const string ValidationLayer = "VK_LAYER_KHRONOS_validation";
    private const string PortabilityEnumeration = "VK_KHR_portability_enumeration";
    private const string DebugUtilsExtension = "VK_EXT_debug_utils";
    private const string ValidationFeaturesExtension = "VK_EXT_validation_features";

    private GCHandle logHandle;
    private DebugUtilsMessengerEXT messenger;
    private bool disposed;

    private VulkanInstance(Vk vk) => Vk = vk;

    public Vk Vk { get; }
    public Instance Handle { get; private set; }
    /// <summary>Null where neither loader nor layers have VK_EXT_debug_utils.</summary>
    public ExtDebugUtils? DebugUtils { get; private set; }
    public ValidationLog Log { get; } = new();
    /// <summary>True where the validation layer looks for missing barriers as well: between copies, not between kernels, whose accesses through addresses it does not see. It then warns of bad practice too.</summary>
    public bool ValidatesSynchronization { get; private set; }

    /// <exception cref="VkInceptionException"><see cref="ErrorCode.NoVulkanLoader"/>, <see cref="ErrorCode.NoDevice"/> (no driver), or <see cref="ErrorCode.ValidationFailed"/> (layer missing).</exception>
    public static VulkanInstance Create(bool validation)
    {
        var instance = new VulkanInstance(Vk.GetApi());
        try
        {
            instance.Start(validation);
            return instance;
        }
        catch
        {
            instance.Dispose();
            throw;
        }
    }

    public IReadOnlyList<PhysicalDevice> PhysicalDevices()
    {
        uint count = 0;
        Vk.EnumeratePhysicalDevices(Handle, &count, null).Check("vkEnumeratePhysicalDevices");
        var devices = new PhysicalDevice[count];
        fixed (PhysicalDevice* first = devices)
            Vk.EnumeratePhysicalDevices(Handle, &count, first).Check("vkEnumeratePhysicalDevices");
        return devices.AsSpan(0, (int)count).ToArray();
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        if (messenger.Handle != 0)
            DebugUtils!.DestroyDebugUtilsMessenger(Handle, messenger, null);
        if (Handle.Handle != 0)
            Vk.DestroyInstance(Handle, null);
        if (logHandle.IsAllocated)
            logHandle.Free();
        Vk.Dispose();
    }

    private void Start(bool validation)
    {
        HashSet<string> extensions = ExtensionsOf(null);
        if (validation)
        {
            if (!Layers().Contains(ValidationLayer))
                throw new VkInceptionException(ErrorCode.ValidationFailed, $"validation was asked for, and the layer {ValidationLayer} is not installed: install it (Debian: vulkan-validationlayers; elsewhere: the Vulkan SDK) or switch validation off");
            extensions.UnionWith(ExtensionsOf(ValidationLayer));
        }

        using var names = new NativeStrings();
        bool portability = extensions.Contains(PortabilityEnumeration);
        bool debugUtils = extensions.Contains(DebugUtilsExtension);
        bool features = validation && extensions.Contains(ValidationFeaturesExtension);
        var enabled = new List<string>();
        if (portability)
            enabled.Add(PortabilityEnumeration);
        if (debugUtils)
            enabled.Add(DebugUtilsExtension);
        if (features)
            enabled.Add(ValidationFeaturesExtension);

        ValidationFeatureEnableEXT* wanted = stackalloc[] { ValidationFeatureEnableEXT.SynchronizationValidationExt, ValidationFeatureEnableEXT.BestPracticesExt };
        var validationFeatures = new ValidationFeaturesEXT
        {
            SType = StructureType.ValidationFeaturesExt,
            EnabledValidationFeatureCount = 2,
            PEnabledValidationFeatures = wanted,
        };
        DebugUtilsMessengerCreateInfoEXT messengerInfo = MessengerInfo();
        messengerInfo.PNext = features ? &validationFeatures : null;
        var application = new ApplicationInfo
        {
            SType = StructureType.ApplicationInfo,
            PEngineName = names.Add("VkInception"),
            // What the library is written against; a device of 1.2 is used as one of 1.2.
            ApiVersion = Vk.Version13,
        };
        var info = new InstanceCreateInfo
        {
            SType = StructureType.InstanceCreateInfo,
            // The messenger in the chain sees what goes wrong while the instance itself is made.
            PNext = validation && debugUtils ? &messengerInfo : null,
            Flags = portability ? InstanceCreateFlags.EnumeratePortabilityBitKhr : 0,
            PApplicationInfo = &application,
            EnabledExtensionCount = (uint)enabled.Count,
            PpEnabledExtensionNames = names.AddAll(enabled),
            EnabledLayerCount = validation ? 1u : 0u,
            PpEnabledLayerNames = names.AddAll([ValidationLayer]),
        };
        Instance handle;
        Vk.CreateInstance(&info, null, &handle).Check("vkCreateInstance");
        Handle = handle;
        ValidatesSynchronization = features && debugUtils;
        Vk.CurrentInstance = handle;
        if (debugUtils && Vk.TryGetInstanceExtension(handle, out ExtDebugUtils utils))
            DebugUtils = utils;
        if (validation && DebugUtils is not null)
        {
            messengerInfo.PNext = null;
            DebugUtilsMessengerEXT created;
            DebugUtils.CreateDebugUtilsMessenger(handle, &messengerInfo, null, &created).Check("vkCreateDebugUtilsMessengerEXT");
            messenger = created;
        }
    }

    private DebugUtilsMessengerCreateInfoEXT MessengerInfo()
    {
        if (!logHandle.IsAllocated)
            logHandle = GCHandle.Alloc(Log);
        return new DebugUtilsMessengerCreateInfoEXT
        {
            SType = StructureType.DebugUtilsMessengerCreateInfoExt,
            MessageSeverity = DebugUtilsMessageSeverityFlagsEXT.WarningBitExt | DebugUtilsMessageSeverityFlagsEXT.ErrorBitExt,
            MessageType = DebugUtilsMessageTypeFlagsEXT.ValidationBitExt | DebugUtilsMessageTypeFlagsEXT.PerformanceBitExt,
            PfnUserCallback = new PfnDebugUtilsMessengerCallbackEXT(&OnMessage),
            PUserData = (void*)GCHandle.ToIntPtr(logHandle),
        };
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static Bool32 OnMessage(DebugUtilsMessageSeverityFlagsEXT severity, DebugUtilsMessageTypeFlagsEXT type, DebugUtilsMessengerCallbackDataEXT* data, void* userData)
    {
        if (GCHandle.FromIntPtr((nint)userData).Target is ValidationLog log)
            log.Add(Marshal.PtrToStringUTF8((nint)data->PMessageIdName) ?? "", Marshal.PtrToStringUTF8((nint)data->PMessage) ?? "");
        return false;
    }

    private HashSet<string> ExtensionsOf(string? layer)
    {
        using var names = new NativeStrings();
        byte* layerName = layer is null ? null : names.Add(layer);
        uint count = 0;
        Vk.EnumerateInstanceExtensionProperties(layerName, &count, null).Check("vkEnumerateInstanceExtensionProperties");
        var properties = new ExtensionProperties[count];
        fixed (ExtensionProperties* first = properties)
        {
            Vk.EnumerateInstanceExtensionProperties(layerName, &count, first).Check("vkEnumerateInstanceExtensionProperties");
            var found = new HashSet<string>(StringComparer.Ordinal);
            for (uint i = 0; i < count; i++)
                found.Add(NativeStrings.Read(first[i].ExtensionName));
            return found;
        }
    }

    private HashSet<string> Layers()
    {
        uint count = 0;
        Vk.EnumerateInstanceLayerProperties(&count, null).Check("vkEnumerateInstanceLayerProperties");
        var properties = new LayerProperties[count];
        fixed (LayerProperties* first = properties)
        {
            Vk.EnumerateInstanceLayerProperties(&count, first).Check("vkEnumerateInstanceLayerProperties");
            var found = new HashSet<string>(StringComparer.Ordinal);
            for (uint i = 0; i < count; i++)
                found.Add(NativeStrings.Read(first[i].LayerName));
            return found;
        }
    }
}

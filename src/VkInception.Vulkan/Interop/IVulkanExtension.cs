namespace Silk.NET.Vulkan;

/// <summary>How <see cref="Vk"/> makes an extension's object, and by which command it knows that the extension is there.</summary>
internal interface IVulkanExtension<T>
    where T : VulkanExtension
{
    static abstract string FirstCommand { get; }

    static abstract T Create(Vk vk, Instance instance);
}

using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>The driver's pipeline cache and its file. Trouble with the file costs time, never an error.</summary>
internal sealed unsafe class PipelineStore
{
    private readonly DeviceContext context;
    private readonly PipelineCacheFile? file;
    private readonly Lock saving = new();
    private byte[] saved;

    public PipelineStore(DeviceContext context, string folder)
    {
        this.context = context;
        file = folder.Length > 0 ? new PipelineCacheFile(folder, context.Candidate) : null;
        string? problem = null;
        saved = file?.Read(out problem) ?? [];
        Problem = problem;
        Handle = Create(saved, out Result result);
        if (result != Result.Success && saved.Length > 0)
        {
            // The bytes are sound and the driver refuses them all the same: start anew.
            Problem = $"{file!.Path}: pipeline cache ignored: the driver refused it ({result})";
            saved = [];
            Handle = Create(saved, out result);
        }
        result.Check("vkCreatePipelineCache");
        LoadedFromDisk = saved.Length > 0;
    }

    public PipelineCache Handle { get; }
    /// <summary>Null, or why the file was not read or written.</summary>
    public string? Problem { get; private set; }
    /// <summary>True when the driver took what the file held; saving later does not change it.</summary>
    public bool LoadedFromDisk { get; }
    public string? Path => file?.Path;

    /// <summary>Writes the file where the cache grew since. False, with <see cref="Problem"/>, where the driver does not hand the cache out or the folder cannot be written.</summary>
    public bool Save()
    {
        if (file is null)
            return false;
        lock (saving)
        {
            try
            {
                byte[] data = Data();
                if (data.AsSpan().SequenceEqual(saved))
                    return true;
                if (!file.IsVulkansOwn(data))
                {
                    // lavapipe 26.2 hands out 20 bytes where the header alone has 32.
                    Problem = $"the driver handed out {data.Length} bytes that are no pipeline cache; none is kept";
                    return false;
                }
                file.Write(data);
                saved = data;
                return true;
            }
            catch (VkInceptionException e)
            {
                // Tear-down goes through here: whatever fails, the device is still to be destroyed.
                Problem = e.Message;
                return false;
            }
        }
    }

    public void Dispose() => context.Vk.DestroyPipelineCache(context.Device, Handle, null);

    private PipelineCache Create(byte[] data, out Result result)
    {
        fixed (byte* first = data)
        {
            var info = new PipelineCacheCreateInfo { SType = StructureType.PipelineCacheCreateInfo, InitialDataSize = (nuint)data.Length, PInitialData = first };
            PipelineCache cache;
            result = context.Vk.CreatePipelineCache(context.Device, &info, null, &cache);
            return result == Result.Success ? cache : default;
        }
    }

    private byte[] Data()
    {
        // Another thread may add a pipeline between the two calls; Incomplete gives a sound part.
        nuint size = 0;
        context.Vk.GetPipelineCacheData(context.Device, Handle, &size, null).Check("vkGetPipelineCacheData");
        var data = new byte[size];
        fixed (byte* first = data)
            context.Vk.GetPipelineCacheData(context.Device, Handle, &size, first).Check("vkGetPipelineCacheData");
        return data.AsSpan(0, (int)size).ToArray();
    }
}

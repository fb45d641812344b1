using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>Every kernel of a device, made once; different kernels may be made on several threads at once.</summary>
internal sealed unsafe class KernelCache(DeviceContext context, PipelineStore store)
{
    private readonly ConcurrentDictionary<KernelKey, Lazy<ComputeKernel>> kernels = new();
    private readonly ConcurrentDictionary<uint, Lazy<PipelineLayout>> layouts = new();
    private long created;

    public long Created => Interlocked.Read(ref created);

    public ComputeKernel Get(SpirvModule module, IReadOnlyList<KernelConstant> constants, uint localSize, uint? subgroupSize)
    {
        var key = KernelKey.Of(module, constants, localSize, subgroupSize);
        return Once(kernels, key, () => Create(module, constants, localSize, subgroupSize));
    }

    public void Dispose()
    {
        foreach (Lazy<ComputeKernel> kernel in kernels.Values.Where(k => k.IsValueCreated))
            context.Vk.DestroyPipeline(context.Device, kernel.Value.Pipeline, null);
        foreach (Lazy<PipelineLayout> layout in layouts.Values.Where(l => l.IsValueCreated))
            context.Vk.DestroyPipelineLayout(context.Device, layout.Value, null);
        kernels.Clear();
        layouts.Clear();
    }

    private static T Once<TKey, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(ConcurrentDictionary<TKey, Lazy<T>> made, TKey key, Func<T> make)
        where TKey : notnull
    {
        Lazy<T> entry = made.GetOrAdd(key, _ => new Lazy<T>(make));
        try
        {
            return entry.Value;
        }
        catch
        {
            // A failure for want of memory may not repeat; a later call tries anew.
            made.TryRemove(new(key, entry));
            throw;
        }
    }

    private ComputeKernel Create(SpirvModule module, IReadOnlyList<KernelConstant> constants, uint localSize, uint? subgroupSize)
    {
        KernelRequirements.Check(module, context.Candidate, localSize, subgroupSize);
        Specialize(module, constants, localSize, out uint[] ids, out uint[] values);
        PipelineLayout layout = Once(layouts, module.PushBytes, () => CreateLayout(module.PushBytes));
        ShaderModule shader = CreateShader(module);
        try
        {
            Pipeline pipeline = CreatePipeline(module, shader, layout, ids, values, localSize, subgroupSize);
            Interlocked.Increment(ref created);
            return new ComputeKernel(context, module, localSize, pipeline, layout);
        }
        finally
        {
            context.Vk.DestroyShaderModule(context.Device, shader, null);
        }
    }

    private static void Specialize(SpirvModule module, IReadOnlyList<KernelConstant> constants, uint localSize, out uint[] ids, out uint[] values)
    {
        var set = new Dictionary<uint, uint>();
        foreach (KernelConstant constant in constants)
        {
            SpecializationConstant? declared = module.Specialization.FirstOrDefault(c => c.Name == constant.Name);
            if (declared is null)
            {
                string has = string.Join(", ", module.Specialization.Where(c => c.Name.Length > 0).Select(c => c.Name));
                throw new VkInceptionException(ErrorCode.ShaderFailed, $"{module.Name}: no specialization constant '{constant.Name}'; it has {(has.Length == 0 ? "none with a name" : has)}");
            }
            if (declared.Type is not (ShaderValueType.Bool or ShaderValueType.Int32 or ShaderValueType.UInt32 or ShaderValueType.Float32))
                throw new VkInceptionException(ErrorCode.ShaderFailed, $"{module.Name}: specialization constant '{constant.Name}' is not of 32 bits, which is all that can be set");
            if (!set.TryAdd(declared.Id, constant.Bits))
                throw new VkInceptionException(ErrorCode.ShaderFailed, $"{module.Name}: specialization constant '{constant.Name}' is set twice");
        }
        if (module.SizedByConstant)
            set[0] = localSize;
        ids = [.. set.Keys];
        values = [.. set.Values];
    }

    private PipelineLayout CreateLayout(uint pushBytes)
    {
        var range = new PushConstantRange { StageFlags = ShaderStageFlags.ComputeBit, Size = pushBytes };
        var info = new PipelineLayoutCreateInfo
        {
            SType = StructureType.PipelineLayoutCreateInfo,
            PushConstantRangeCount = pushBytes > 0 ? 1u : 0u,
            PPushConstantRanges = &range,
        };
        PipelineLayout layout;
        context.Vk.CreatePipelineLayout(context.Device, &info, null, &layout).Check("vkCreatePipelineLayout");
        return layout;
    }

    private ShaderModule CreateShader(SpirvModule module)
    {
        fixed (byte* code = module.Code.Span)
        {
            var info = new ShaderModuleCreateInfo { SType = StructureType.ShaderModuleCreateInfo, CodeSize = (nuint)module.Code.Length, PCode = (uint*)code };
            ShaderModule shader;
            context.Vk.CreateShaderModule(context.Device, &info, null, &shader).Check("vkCreateShaderModule", module.Name);
            return shader;
        }
    }

    private Pipeline CreatePipeline(SpirvModule module, ShaderModule shader, PipelineLayout layout, uint[] ids, uint[] values, uint localSize, uint? subgroupSize)
    {
        using var names = new NativeStrings();
        var entries = new SpecializationMapEntry[ids.Length];
        for (int i = 0; i < ids.Length; i++)
            entries[i] = new SpecializationMapEntry { ConstantID = ids[i], Offset = (uint)i * sizeof(uint), Size = sizeof(uint) };
        var required = new PipelineShaderStageRequiredSubgroupSizeCreateInfo
        {
            SType = StructureType.PipelineShaderStageRequiredSubgroupSizeCreateInfo,
            RequiredSubgroupSize = subgroupSize ?? 0,
        };
        bool sized = subgroupSize is not null && context.Candidate.Info.SubgroupSizeControl;
        bool full = sized && context.Candidate.Features.ComputeFullSubgroups && localSize % subgroupSize!.Value == 0;
        fixed (SpecializationMapEntry* firstEntry = entries)
        fixed (uint* firstValue = values)
        {
            var specialization = new SpecializationInfo
            {
                MapEntryCount = (uint)entries.Length,
                PMapEntries = firstEntry,
                DataSize = (nuint)(values.Length * sizeof(uint)),
                PData = firstValue,
            };
            var info = new ComputePipelineCreateInfo
            {
                SType = StructureType.ComputePipelineCreateInfo,
                Layout = layout,
                Stage = new PipelineShaderStageCreateInfo
                {
                    SType = StructureType.PipelineShaderStageCreateInfo,
                    PNext = sized ? &required : null,
                    Flags = full ? PipelineShaderStageCreateFlags.RequireFullSubgroupsBit : 0,
                    Stage = ShaderStageFlags.ComputeBit,
                    Module = shader,
                    PName = names.Add(module.EntryPoint),
                    PSpecializationInfo = entries.Length > 0 ? &specialization : null,
                },
            };
            Pipeline pipeline;
            context.Vk.CreateComputePipelines(context.Device, store.Handle, 1, &info, null, &pipeline).Check("vkCreateComputePipelines", module.Name);
            context.Name(ObjectType.Pipeline, pipeline.Handle, module.Name);
            return pipeline;
        }
    }
}

using System.Text;

namespace VkInception.Vulkan;

/// <summary>Reads from a SPIR-V module what a dispatch must know (SPIR-V specification, sections 2.3 and 3). Every count is checked against the words that are there.</summary>
internal sealed class SpirvReflection
{
    private const uint Magic = 0x07230203;
    private const int HeaderWords = 5;
    // Far above any real shader; keeps a hostile module from filling the tables.
    private const int LargestModuleBytes = 64 << 20;
    private const uint LargestPushBytes = 1 << 16;
    private const int DeepestType = 16;

    private readonly string module;
    private readonly Dictionary<uint, string> names = [];
    private readonly Dictionary<(uint Type, uint Member), string> memberNames = [];
    private readonly Dictionary<(uint Type, uint Member), uint> memberOffsets = [];
    private readonly Dictionary<(uint Type, uint Member), uint> matrixStrides = [];
    private readonly Dictionary<uint, uint> specIds = [];
    private readonly Dictionary<uint, uint> arrayStrides = [];
    private readonly Dictionary<uint, SpirvType> types = [];
    private readonly Dictionary<uint, uint> constants = [];
    private readonly Dictionary<uint, uint[]> composites = [];
    private readonly List<(uint Id, uint Type, SpirvOp Op, uint Bits)> specConstants = [];
    private readonly List<uint> capabilities = [];
    private readonly List<uint> pushPointers = [];
    private readonly List<string> entryPoints = [];
    private uint? workgroupSizeId;
    private (uint X, uint Y, uint Z)? literalSize;
    private (uint X, uint Y, uint Z)? sizeIds;

    private SpirvReflection(string module) => this.module = module;

    public string EntryPoint { get; private set; } = "";
    public IReadOnlyList<PushMember> Push { get; private set; } = [];
    public uint PushBytes { get; private set; }
    public IReadOnlyList<SpecializationConstant> Specialization { get; private set; } = [];
    public IReadOnlyList<uint> Capabilities => capabilities;
    public (uint X, uint Y, uint Z) WorkgroupSize { get; private set; }
    public bool SizedByConstant { get; private set; }

    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShaderFailed"/> for anything but a sound compute module.</exception>
    public static SpirvReflection Read(ReadOnlySpan<byte> bytes, string name)
    {
        var reflection = new SpirvReflection(name);
        reflection.ReadInstructions(reflection.Words(bytes));
        reflection.Conclude();
        return reflection;
    }

    private uint[] Words(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderWords * 4 || bytes.Length % 4 != 0)
            throw Damaged($"{bytes.Length} bytes are no whole number of SPIR-V words with a header");
        if (bytes.Length > LargestModuleBytes)
            throw Damaged($"{bytes.Length} bytes are more than a shader can have");
        var words = new uint[bytes.Length / 4];
        for (int i = 0; i < words.Length; i++)
            words[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * 4)..]);
        if (words[0] != Magic)
            throw Damaged("it does not start with SPIR-V's magic number");
        uint version = words[1];
        if (version < 0x10000 || version > 0x10600)
            throw Damaged($"SPIR-V version 0x{version:x} is not one of 1.0 to 1.6");
        return words;
    }

    private void ReadInstructions(ReadOnlySpan<uint> words)
    {
        for (int at = HeaderWords; at < words.Length;)
        {
            int count = (int)(words[at] >> 16);
            if (count == 0 || count > words.Length - at)
                throw Damaged($"the instruction at word {at} claims {count} words, {words.Length - at} are there");
            ReadInstruction((SpirvOp)(words[at] & 0xffff), words.Slice(at + 1, count - 1));
            at += count;
        }
    }

    private void ReadInstruction(SpirvOp op, ReadOnlySpan<uint> operands)
    {
        switch (op)
        {
            case SpirvOp.Capability:
                capabilities.Add(Operand(operands, 0, op));
                break;
            case SpirvOp.EntryPoint:
                ReadEntryPoint(operands);
                break;
            case SpirvOp.ExecutionMode or SpirvOp.ExecutionModeId:
                ReadExecutionMode(operands, op);
                break;
            case SpirvOp.Name:
                names[Operand(operands, 0, op)] = Text(operands, 1);
                break;
            case SpirvOp.MemberName:
                memberNames[(Operand(operands, 0, op), Operand(operands, 1, op))] = Text(operands, 2);
                break;
            case SpirvOp.Decorate:
                ReadDecoration(operands);
                break;
            case SpirvOp.MemberDecorate:
                ReadMemberDecoration(operands);
                break;
            case SpirvOp.Variable:
                ReadVariable(operands);
                break;
            default:
                ReadDeclaration(op, operands);
                break;
        }
    }

    private void ReadDeclaration(SpirvOp op, ReadOnlySpan<uint> operands)
    {
        switch (op)
        {
            case SpirvOp.TypeBool or SpirvOp.TypeInt or SpirvOp.TypeFloat or SpirvOp.TypeVector or SpirvOp.TypeMatrix
                or SpirvOp.TypeArray or SpirvOp.TypeRuntimeArray or SpirvOp.TypeStruct or SpirvOp.TypePointer:
                // Types come before their use, so a type made of itself cannot pass as sound.
                if (!types.TryAdd(Operand(operands, 0, op), new SpirvType(op, operands[1..].ToArray())))
                    throw Damaged($"id {operands[0]} is declared twice");
                break;
            case SpirvOp.Constant:
                constants[Operand(operands, 1, op)] = Operand(operands, 2, op);
                break;
            case SpirvOp.ConstantComposite or SpirvOp.SpecConstantComposite:
                composites[Operand(operands, 1, op)] = operands[2..].ToArray();
                break;
            case SpirvOp.SpecConstant:
                constants[Operand(operands, 1, op)] = Operand(operands, 2, op);
                specConstants.Add((operands[1], operands[0], op, operands[2]));
                break;
            case SpirvOp.SpecConstantTrue or SpirvOp.SpecConstantFalse:
                specConstants.Add((Operand(operands, 1, op), operands[0], op, op == SpirvOp.SpecConstantTrue ? 1u : 0u));
                break;
            default:
                break;
        }
    }

    private void ReadEntryPoint(ReadOnlySpan<uint> operands)
    {
        const uint glCompute = 5;
        if (Operand(operands, 0, SpirvOp.EntryPoint) != glCompute)
            throw Damaged("its entry point is not a compute shader's");
        entryPoints.Add(Text(operands, 2));
    }

    private void ReadExecutionMode(ReadOnlySpan<uint> operands, SpirvOp op)
    {
        const uint localSize = 17, localSizeId = 38;
        uint mode = Operand(operands, 1, op);
        if (mode == localSize)
            literalSize = (Operand(operands, 2, op), Operand(operands, 3, op), Operand(operands, 4, op));
        else if (mode == localSizeId)
            sizeIds = (Operand(operands, 2, op), Operand(operands, 3, op), Operand(operands, 4, op));
    }

    private void ReadDecoration(ReadOnlySpan<uint> operands)
    {
        const uint specId = 1, arrayStride = 6, builtIn = 11, workgroupSize = 25;
        uint target = Operand(operands, 0, SpirvOp.Decorate);
        switch (Operand(operands, 1, SpirvOp.Decorate))
        {
            case specId:
                specIds[target] = Operand(operands, 2, SpirvOp.Decorate);
                break;
            case arrayStride:
                arrayStrides[target] = Operand(operands, 2, SpirvOp.Decorate);
                break;
            case builtIn when Operand(operands, 2, SpirvOp.Decorate) == workgroupSize:
                workgroupSizeId = target;
                break;
            default:
                break;
        }
    }

    private void ReadMemberDecoration(ReadOnlySpan<uint> operands)
    {
        const uint matrixStride = 7, offset = 35;
        var member = (Operand(operands, 0, SpirvOp.MemberDecorate), Operand(operands, 1, SpirvOp.MemberDecorate));
        uint decoration = Operand(operands, 2, SpirvOp.MemberDecorate);
        if (decoration == offset)
            memberOffsets[member] = Operand(operands, 3, SpirvOp.MemberDecorate);
        else if (decoration == matrixStride)
            matrixStrides[member] = Operand(operands, 3, SpirvOp.MemberDecorate);
    }

    private void ReadVariable(ReadOnlySpan<uint> operands)
    {
        const uint uniformConstant = 0, uniform = 2, pushConstant = 9, storageBuffer = 12;
        uint type = Operand(operands, 0, SpirvOp.Variable);
        uint id = Operand(operands, 1, SpirvOp.Variable);
        uint storage = Operand(operands, 2, SpirvOp.Variable);
        if (storage is uniformConstant or uniform or storageBuffer)
            throw Damaged($"'{names.GetValueOrDefault(id, $"%{id}")}' is a descriptor binding; kernels take buffer addresses (buffer_reference) in push constants");
        if (storage == pushConstant)
            pushPointers.Add(type);
    }

    private void Conclude()
    {
        if (entryPoints.Count != 1)
            throw Damaged($"it has {entryPoints.Count} entry points, one is needed");
        if (pushPointers.Count > 1)
            throw Damaged($"it has {pushPointers.Count} push-constant blocks, at most one is allowed");
        EntryPoint = entryPoints[0];
        Specialization = [.. specConstants.Where(c => specIds.ContainsKey(c.Id))
            .Select(c => new SpecializationConstant(names.GetValueOrDefault(c.Id, ""), specIds[c.Id], ValueType(c.Type), c.Bits))
            .OrderBy(c => c.Id)];
        if (Specialization.Select(c => c.Id).Distinct().Count() != Specialization.Count)
            throw Damaged("two specialization constants share an id");
        ConcludeWorkgroup();
        if (pushPointers.Count == 1)
            ConcludePush(pushPointers[0]);
    }

    private void ConcludeWorkgroup()
    {
        if (workgroupSizeId is { } composite && composites.TryGetValue(composite, out uint[]? parts) && parts.Length == 3)
            ConcludeWorkgroup(parts[0], parts[1], parts[2]);
        else if (sizeIds is { } ids)
            ConcludeWorkgroup(ids.X, ids.Y, ids.Z);
        else
            WorkgroupSize = literalSize ?? throw Damaged("it declares no workgroup size");
    }

    private void ConcludeWorkgroup(uint x, uint y, uint z)
    {
        if (!constants.TryGetValue(x, out uint sizeX) || !constants.TryGetValue(y, out uint sizeY) || !constants.TryGetValue(z, out uint sizeZ))
            throw Damaged("its workgroup size is made of ids that are no constants");
        WorkgroupSize = (sizeX, sizeY, sizeZ);
        SizedByConstant = specIds.TryGetValue(x, out uint specId) && specId == 0;
    }

    private void ConcludePush(uint pointer)
    {
        if (!types.TryGetValue(pointer, out SpirvType? pointerType) || pointerType.Op != SpirvOp.TypePointer || pointerType.Operands.Length < 2
            || !types.TryGetValue(pointerType.Operands[1], out SpirvType? block) || block.Op != SpirvOp.TypeStruct)
            throw Damaged("its push-constant variable does not point to a structure");
        uint blockId = pointerType.Operands[1];
        var members = new List<PushMember>();
        uint end = 0;
        for (uint i = 0; i < block.Operands.Length; i++)
        {
            uint type = block.Operands[i];
            string name = memberNames.GetValueOrDefault((blockId, i), "");
            if (!memberOffsets.TryGetValue((blockId, i), out uint offset) || offset > LargestPushBytes)
                throw Damaged($"push constant '{name}' has no sound offset");
            uint size = SizeOf(type, blockId, i, 0);
            members.Add(new PushMember(name, offset, size, ValueType(type)));
            end = Math.Max(end, offset + size);
        }
        members.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        for (int i = 1; i < members.Count; i++)
        {
            if (members[i].Offset < members[i - 1].Offset + members[i - 1].Size)
                throw Damaged($"push constants '{members[i - 1].Name}' and '{members[i].Name}' overlap");
        }
        Push = members;
        PushBytes = (end + 3) / 4 * 4;
    }

    private uint SizeOf(uint type, uint owner, uint member, int depth)
    {
        if (depth > DeepestType || !types.TryGetValue(type, out SpirvType? declared))
            throw Damaged($"push constant {member} has a type that is not declared or nests too deep");
        ulong size = declared.Op switch
        {
            SpirvOp.TypeInt or SpirvOp.TypeFloat => declared.At(0) / 8,
            SpirvOp.TypePointer => 8,
            SpirvOp.TypeVector => (ulong)SizeOf(declared.At(0), owner, member, depth + 1) * declared.At(1),
            SpirvOp.TypeMatrix => (ulong)matrixStrides.GetValueOrDefault((owner, member)) * declared.At(1),
            SpirvOp.TypeArray => (ulong)arrayStrides.GetValueOrDefault(type) * constants.GetValueOrDefault(declared.At(1)),
            SpirvOp.TypeStruct => SizeOfStructure(type, declared, depth),
            _ => 0,
        };
        return size is > 0 and <= LargestPushBytes ? (uint)size : throw Damaged($"push constant {member} has no sound size");
    }

    private ulong SizeOfStructure(uint type, SpirvType structure, int depth)
    {
        // Members times depth would be exponential for a structure that names one type many times over.
        if (structure.Operands.Length > 64)
            throw Damaged("a push-constant structure has more members than a push-constant block can hold");
        if (structure.Operands.Length == 0)
            return 0;
        // Offsets rise, so the member that lies last ends the structure; the others need no visit.
        uint last = 0;
        for (uint i = 1; i < structure.Operands.Length; i++)
        {
            if (memberOffsets.GetValueOrDefault((type, i)) > memberOffsets.GetValueOrDefault((type, last)))
                last = i;
        }
        return (ulong)memberOffsets.GetValueOrDefault((type, last)) + SizeOf(structure.Operands[last], type, last, depth + 1);
    }

    private ShaderValueType ValueType(uint type)
    {
        if (!types.TryGetValue(type, out SpirvType? declared))
            throw Damaged($"id {type} is used as a type and is none");
        return declared.Op switch
        {
            SpirvOp.TypePointer => ShaderValueType.Address,
            SpirvOp.TypeBool => ShaderValueType.Bool,
            SpirvOp.TypeFloat when declared.At(0) == 32 => ShaderValueType.Float32,
            SpirvOp.TypeFloat when declared.At(0) == 64 => ShaderValueType.Float64,
            SpirvOp.TypeInt when declared.At(0) == 32 => declared.At(1) == 0 ? ShaderValueType.UInt32 : ShaderValueType.Int32,
            SpirvOp.TypeInt when declared.At(0) == 64 => declared.At(1) == 0 ? ShaderValueType.UInt64 : ShaderValueType.Int64,
            SpirvOp.TypeVector when declared.At(1) == 2 && types.ContainsKey(declared.At(0)) && ValueTypeOfScalar(declared.At(0)) => ShaderValueType.UInt32Pair,
            _ => ShaderValueType.Other,
        };
    }

    private bool ValueTypeOfScalar(uint type) => types[type] is { Op: SpirvOp.TypeInt } scalar && scalar.At(0) == 32 && scalar.At(1) == 0;

    private uint Operand(ReadOnlySpan<uint> operands, int index, SpirvOp op) =>
        index < operands.Length ? operands[index] : throw Damaged($"an Op{op} lacks operand {index}");

    private string Text(ReadOnlySpan<uint> operands, int start)
    {
        if (start >= operands.Length)
            throw Damaged("a name is missing");
        ReadOnlySpan<byte> bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(operands[start..]);
        int end = bytes.IndexOf((byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(bytes[..end]) : throw Damaged("a name does not end");
    }

    private VkInceptionException Damaged(string what) =>
        new(ErrorCode.ShaderFailed, $"{module}: not a SPIR-V compute module that can be used: {what}");
}

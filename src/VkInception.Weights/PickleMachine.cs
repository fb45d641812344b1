using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace VkInception.Weights;

/// <summary>Runs a pickle (PEP 307, 3154, 574: protocols 2 to 5) far enough to build plain data and the descriptions of tensors.</summary>
/// <remarks>Nothing of the file is executed: a name outside <see cref="PickleGlobal"/>'s list is refused when it is mentioned, before
/// anything could be done with it. Instructions, depth and bytes are bounded; objects are shared, never copied, so that references
/// to references (billion laughs) stay as small as the file.</remarks>
internal sealed class PickleMachine
{
    private const int MaxInstructions = 2_000_000;
    private const int MaxDepth = 1_000_000;
    private const int MaxIntegerBytes = 256;
    private readonly CheckpointFile file;
    private readonly PickleInput input;
    private readonly TorchBuilder builder;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<ulong, object?> memo = [];

    private PickleMachine(CheckpointFile file, PickleInput input, TorchBuilder builder)
    {
        this.file = file;
        this.input = input;
        this.builder = builder;
    }

    /// <summary>Runs the pickle at the start of <paramref name="stream"/>.</summary>
    /// <param name="file">Named in messages.</param>
    /// <param name="stream">May go on behind the pickle.</param>
    /// <param name="builder">Answers the calls, and afterwards knows the storages referred to.</param>
    /// <param name="length">Bytes of the pickle.</param>
    /// <returns>What the pickle builds: null, bool, long, BigInteger, double, string, byte[], <see cref="PickleTuple"/>, <see cref="PickleList"/>,
    /// <see cref="PickleDictionary"/>, <see cref="PickleGlobal"/>, <see cref="TorchStorage"/> or <see cref="TorchTensor"/>.</returns>
    public static object? Run(CheckpointFile file, Stream stream, TorchBuilder builder, out long length)
    {
        var input = new PickleInput(file, stream);
        object? result = new PickleMachine(file, input, builder).Run();
        length = input.Position;
        return result;
    }

    private object? Run()
    {
        if (input.Byte() != 0x80)
            throw file.Unsupported("is no pickle of protocol 2 or later, which every torch writes.");
        CheckProtocol();
        for (int executed = 0; executed < MaxInstructions; executed++)
        {
            byte code = input.Byte();
            if (code == '.')
                return stack.Count == 1 && marks.Count == 0 ? stack[0] : throw Broken("stops with something left over");
            if (!PushValue(code) && !Arrange(code))
                Construct(code);
            if (stack.Count > MaxDepth)
                throw file.Refused($"its pickle nests deeper than {MaxDepth} values.");
        }
        throw file.Refused($"its pickle has more than {MaxInstructions} instructions; no checkpoint's has.");
    }

    // Instructions that push one value and read nothing from the stack.
    private bool PushValue(byte code)
    {
        switch (code)
        {
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push((long)unchecked((int)input.Unsigned(4))); break;
            case (byte)'K': Push((long)input.Unsigned(1)); break;
            case (byte)'M': Push((long)input.Unsigned(2)); break;
            case 0x8A: PushInteger(input.Unsigned(1)); break;
            case 0x8B: PushInteger(input.Unsigned(4)); break;
            case (byte)'G': Push(BitConverter.UInt64BitsToDouble(BinaryPrimitives.ReverseEndianness(input.Unsigned(8)))); break;
            case (byte)'U': Push(Encoding.Latin1.GetString(input.Bytes(input.Unsigned(1)))); break;
            case (byte)'T': Push(Encoding.Latin1.GetString(input.Bytes(input.Unsigned(4)))); break;
            case 0x8C: Push(Encoding.UTF8.GetString(input.Bytes(input.Unsigned(1)))); break;
            case (byte)'X': Push(Encoding.UTF8.GetString(input.Bytes(input.Unsigned(4)))); break;
            case 0x8D: Push(Encoding.UTF8.GetString(input.Bytes(input.Unsigned(8)))); break;
            case (byte)'C': Push(input.Bytes(input.Unsigned(1))); break;
            case (byte)'B': Push(input.Bytes(input.Unsigned(4))); break;
            case 0x8E or 0x96: Push(input.Bytes(input.Unsigned(8))); break;
            case (byte)')': Push(new PickleTuple([])); break;
            case (byte)']' or 0x8F: Push(new PickleList()); break;
            case (byte)'}': Push(new PickleDictionary()); break;
            default: return false;
        }
        return true;
    }

    // Instructions that move values about: stack, memo, protocol.
    private bool Arrange(byte code)
    {
        switch (code)
        {
            case (byte)'(': marks.Add(stack.Count); break;
            case (byte)'0': DropTop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'2': Push(Peek()); break;
            case (byte)'h': Push(Recall(input.Unsigned(1))); break;
            case (byte)'j': Push(Recall(input.Unsigned(4))); break;
            case (byte)'q': memo[input.Unsigned(1)] = Peek(); break;
            case (byte)'r': memo[input.Unsigned(4)] = Peek(); break;
            case 0x94: memo[(ulong)memo.Count] = Peek(); break;
            case 0x80: CheckProtocol(); break;
            // Frames only tell a reader how much to buffer.
            case 0x95: input.Unsigned(8); break;
            default: return false;
        }
        return true;
    }

    // Instructions that build values out of others.
    private void Construct(byte code)
    {
        switch (code)
        {
            case 0x85: Push(new PickleTuple(PopSeveral(1))); break;
            case 0x86: Push(new PickleTuple(PopSeveral(2))); break;
            case 0x87: Push(new PickleTuple(PopSeveral(3))); break;
            case (byte)'t' or 0x91: Push(new PickleTuple(PopToMark())); break;
            case (byte)'l': PushFilled(new PickleList(), PopToMark()); break;
            case (byte)'d': PushFilled(new PickleDictionary(), PopToMark()); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e' or 0x90: Append(PopToMark()); break;
            case (byte)'s': SetItems(PopSeveral(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'c': Push(Global(input.Line(), input.Line())); break;
            case 0x93: PushStackGlobal(); break;
            case (byte)'Q': Push(builder.Storage(Pop())); break;
            case (byte)'R': Reduce(); break;
            case (byte)'b': Build(); break;
            default: throw Refuse(code);
        }
    }

    private VkInceptionException Refuse(byte code)
    {
        switch (code)
        {
            case (byte)'i':
                return Forbidden($"{input.Line()}.{input.Line()}");
            case (byte)'o':
                object?[] arguments = PopToMark();
                return Forbidden(TorchBuilder.Describe(arguments.Length > 0 ? arguments[0] : null));
            case 0x81:
                return Forbidden(TorchBuilder.Describe(PopSeveral(2)[0]));
            case 0x92:
                return Forbidden(TorchBuilder.Describe(PopSeveral(3)[0]));
            case 0x82 or 0x83 or 0x84:
                return Forbidden($"extension {input.Unsigned(code == 0x84 ? 4 : code - 0x81)}");
            case (byte)'P':
                return file.Refused($"its pickle refers to an outside object '{input.Line()}'; only torch's storages are read.");
            case 0x97 or 0x98:
                return file.Unsupported("its pickle keeps data in buffers outside the file.");
            case (byte)'F' or (byte)'I' or (byte)'L' or (byte)'S' or (byte)'V' or (byte)'g' or (byte)'p':
                return file.Unsupported($"its pickle uses protocol 0's instruction '{(char)code}'; save it with torch again.");
            default:
                return Broken($"has an unknown instruction {code:x2}");
        }
    }

    private PickleGlobal Global(string module, string name) => PickleGlobal.Find(module, name) ?? throw Forbidden($"{module}.{name}");

    private VkInceptionException Forbidden(string name) => file.Refused(
        $"its pickle calls '{name}', which is never run; save the weights alone: torch.save(model.state_dict(), …).");

    private VkInceptionException Broken(string what) => file.Damaged($"its pickle {what} at byte {input.Position}; the file is damaged.");

    private void CheckProtocol()
    {
        int protocol = input.Byte();
        if (protocol is < 2 or > 5)
            throw file.Unsupported($"its pickle is of protocol {protocol}; protocols 2 to 5 are read.");
    }

    private void PushInteger(ulong count)
    {
        if (count > MaxIntegerBytes)
            throw file.Refused($"its pickle has an integer of {count} bytes.");
        var value = new BigInteger(input.Bytes(count));
        if (value >= long.MinValue && value <= long.MaxValue)
            Push((long)value);
        else
            Push(value);
    }

    private void PushStackGlobal()
    {
        if (PopSeveral(2) is not [string module, string name])
            throw Broken("names a global by something that is no text");
        Push(Global(module, name));
    }

    private void Reduce()
    {
        object?[] call = PopSeveral(2);
        if (call[0] is not PickleGlobal { Function: not PickleFunction.None } function)
            throw Forbidden(TorchBuilder.Describe(call[0]));
        if (call[1] is not PickleTuple arguments)
            throw Broken("calls without a tuple of arguments");
        Push(builder.Call(function, arguments.Items));
    }

    // Python attributes of a dictionary (a state_dict's _metadata) are of no use here; on anything else they could be a call.
    private void Build()
    {
        object? state = Pop();
        object? target = Peek();
        if (target is not PickleDictionary || state is not (PickleDictionary or PickleTuple { Items.Length: 2 }))
            throw file.Refused($"its pickle sets the state of {TorchBuilder.Describe(target)}; only dictionaries may have one.");
    }

    private void Append(object?[] items)
    {
        if (Peek() is not PickleList list)
            throw Broken("appends to what is no list");
        list.AddRange(items);
    }

    private void PushFilled(PickleList list, object?[] items)
    {
        list.AddRange(items);
        Push(list);
    }

    private void PushFilled(PickleDictionary dictionary, object?[] items)
    {
        Push(dictionary);
        SetItems(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDictionary dictionary || items.Length % 2 != 0)
            throw Broken("sets items of what is no dictionary");
        for (int i = 0; i < items.Length; i += 2)
            dictionary.Add(new(items[i], items[i + 1]));
    }

    private object? Recall(ulong key) => memo.TryGetValue(key, out object? value) ? value : throw Broken("recalls what it never stored");

    private void Push(object? value) => stack.Add(value);

    // A value below the last mark belongs to what is being built around it.
    private int Floor => marks.Count == 0 ? 0 : marks[^1];

    private object? Peek() => stack.Count > Floor ? stack[^1] : throw Broken("takes from an empty stack");

    private object? Pop()
    {
        object? value = Peek();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private void DropTop()
    {
        if (marks.Count > 0 && marks[^1] == stack.Count)
            marks.RemoveAt(marks.Count - 1);
        else
            Pop();
    }

    private object?[] PopSeveral(int count)
    {
        if (stack.Count - count < Floor)
            throw Broken("takes from an empty stack");
        return PopFrom(stack.Count - count);
    }

    private object?[] PopToMark()
    {
        if (marks.Count == 0)
            throw Broken("ends a group that was never begun");
        int mark = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        return PopFrom(mark);
    }

    private object?[] PopFrom(int first)
    {
        object?[] items = [.. stack[first..]];
        stack.RemoveRange(first, stack.Count - first);
        return items;
    }
}

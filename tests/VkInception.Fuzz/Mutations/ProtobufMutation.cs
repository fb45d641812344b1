namespace VkInception.Fuzz.Mutations;

/// <summary>Edits a protobuf message as a tree: fields dropped, repeated, moved, renumbered, nested, given other values, kinds and lengths.</summary>
internal sealed class ProtobufMutation : Mutation
{
    private static readonly ByteMutation bytes = new();

    public override byte[]? Apply(byte[] input, Random random, byte[] other)
    {
        if (input.Length > 1 << 18 || ProtobufField.Parse(input) is not { Count: > 0 } fields) return null;
        List<ProtobufField> list = Somewhere(fields, random);
        int at = random.Next(list.Count);
        ProtobufField field = list[at];
        switch (random.Next(12))
        {
            case 0: list.RemoveAt(at); break;
            case 1: list.InsertRange(at, Enumerable.Repeat(field, Times(random, 20, 50_000, 2 + field.Bytes.Length))); break;
            case 2: list.Insert(random.Next(list.Count), field); break;
            case 3: field.Number = random.Next(4) == 0 ? unchecked((ulong)Number(random, (long)field.Number)) >> 3 : (ulong)random.Next(1, 24); break;
            case 4: field.Wire = random.Next(8); break;
            case 5 or 6: field.Value = unchecked((ulong)Number(random, (long)field.Value)); break;
            case 7: Spoil(field, random, other); break;
            case 8: field.Claimed = unchecked((ulong)Number(random, field.Bytes.Length)); break;
            case 9: Nest(field, random); break;
            case 10: Graft(list, at, other, random); break;
            default: list.Insert(at, new ProtobufField { Number = (ulong)random.Next(1, 24), Value = unchecked((ulong)Number(random, 0)) }); break;
        }
        return ProtobufField.Write(fields);
    }

    // Down the tree until chance stops, so that every depth has its turn.
    private static List<ProtobufField> Somewhere(List<ProtobufField> fields, Random random)
    {
        while (random.Next(4) != 0)
        {
            List<ProtobufField>[] inner = [.. fields.Where(f => f.Fields is { Count: > 0 }).Select(f => f.Fields!)];
            if (inner.Length == 0) break;
            fields = inner[random.Next(inner.Length)];
        }
        return fields;
    }

    private static void Spoil(ProtobufField field, Random random, byte[] other)
    {
        field.Bytes = bytes.Apply(field.Fields is null ? field.Bytes : ProtobufField.Write(field.Fields), random, other);
        field.Fields = null;
        field.Wire = 2;
    }

    private static void Nest(ProtobufField field, Random random)
    {
        for (int depth = random.Next(1, random.Next(8) == 0 ? 300 : 4); depth > 0; depth--)
        {
            var inner = new ProtobufField { Number = field.Number, Wire = field.Wire, Value = field.Value, Bytes = field.Bytes, Fields = field.Fields };
            field.Wire = 2;
            field.Fields = [inner];
        }
    }

    private static void Graft(List<ProtobufField> list, int at, byte[] other, Random random)
    {
        if (other.Length > 1 << 16 || ProtobufField.Parse(other) is not { Count: > 0 } fields) return;
        List<ProtobufField> from = Somewhere(fields, random);
        list.Insert(at, from[random.Next(from.Count)]);
    }
}

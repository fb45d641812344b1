using System.Text;

namespace VkInception.Tests.Training;

/// <summary>An event as read from a file, for tests.</summary>
internal sealed record ReadEvent(double WallTime, long Step, string? FileVersion, long? SessionStatus, IReadOnlyDictionary<string, float> Scalars, IReadOnlyList<(string Tag, long Height, long Width, byte[] Png)> Images);

/// <summary>Reads TensorBoard's event files by the words of their specification, with nothing of the writer's.</summary>
internal static class EventFile
{
    public static List<ReadEvent> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var events = new List<ReadEvent>();
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BitConverter.ToInt64(file, at);
            Check(file.AsSpan(at, 8), BitConverter.ToUInt32(file, at + 8), at);
            Check(file.AsSpan(at + 12, length), BitConverter.ToUInt32(file, at + 12 + length), at);
            events.Add(Parse(file.AsSpan(at + 12, length).ToArray()));
            at += 16 + length;
        }
        return events;
    }

    private static void Check(ReadOnlySpan<byte> bytes, uint masked, int at)
    {
        uint rotated = masked - 0xa282ead8;
        uint crc = (rotated >> 17) | (rotated << 15);
        if (Crc(bytes) != crc)
            throw new InvalidDataException($"the record at {at} does not agree with its checksum");
    }

    // Castagnoli's polynomial 0x1EDC6F41, bit by bit from the least significant.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                uint mix = (crc ^ (uint)(value >> bit)) & 1;
                crc = (crc >> 1) ^ (mix * 0x82F63B78);
            }
        }
        return crc ^ 0xFFFFFFFF;
    }

    private static ReadEvent Parse(byte[] message)
    {
        double wallTime = 0;
        long step = 0;
        long? status = null;
        string? version = null;
        var scalars = new Dictionary<string, float>();
        var images = new List<(string, long, long, byte[])>();
        foreach ((int field, object value) in Fields(message))
        {
            switch (field)
            {
                case 1: wallTime = (double)value; break;
                case 2: step = (long)value; break;
                case 3: version = Encoding.UTF8.GetString((byte[])value); break;
                case 5:
                    foreach ((_, object item) in Fields((byte[])value))
                        ReadValue((byte[])item, scalars, images);
                    break;
                case 7: status = (long)Fields((byte[])value).Single(f => f.Field == 1).Value; break;
                default: throw new InvalidDataException($"field {field}");
            }
        }
        return new ReadEvent(wallTime, step, version, status, scalars, images);
    }

    private static void ReadValue(byte[] message, Dictionary<string, float> scalars, List<(string, long, long, byte[])> images)
    {
        Dictionary<int, object> value = Fields(message).ToDictionary(f => f.Field, f => f.Value);
        string tag = Encoding.UTF8.GetString((byte[])value[1]);
        if (value.TryGetValue(2, out object? number))
        {
            scalars.Add(tag, (float)number);
            return;
        }
        Dictionary<int, object> image = Fields((byte[])value[4]).ToDictionary(f => f.Field, f => f.Value);
        images.Add((tag, (long)image[1], (long)image[2], (byte[])image[4]));
    }

    private static List<(int Field, object Value)> Fields(byte[] message)
    {
        var fields = new List<(int, object)>();
        for (int at = 0; at < message.Length;)
        {
            ulong key = Varint(message, ref at);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add((field, (long)Varint(message, ref at)));
                    break;
                case 1:
                    fields.Add((field, BitConverter.ToDouble(message, at)));
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    fields.Add((field, message[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    fields.Add((field, BitConverter.ToSingle(message, at)));
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
        }
        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}

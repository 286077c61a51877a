using System.Buffers.Binary;
using System.Text;

namespace Sweep.Tests.Silo.Telemetry;

/// <summary>A message of protobuf's wire format, by field number. Written from the encoding's public description.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    /// <exception cref="FormatException">It ends in the middle, or has a wire type that there isn't.</exception>
    public static ProtobufMessage Read(ReadOnlyMemory<byte> bytes)
    {
        var message = new ProtobufMessage();
        int at = 0;
        while (at < bytes.Length)
        {
            ulong tag = Varint(bytes.Span, ref at);
            (int field, int type) = ((int)(tag >> 3), (int)(tag & 7));
            int length = type switch
            {
                0 => 0,
                1 => sizeof(ulong),
                2 => (int)Varint(bytes.Span, ref at),
                5 => sizeof(uint),
                _ => throw new FormatException($"wire type: {type}; allowed: 0, 1, 2, 5"),
            };
            if (at + length > bytes.Length)
                throw new FormatException($"field {field} ends beyond its message");
            ReadOnlyMemory<byte> content = bytes.Slice(at, length);
            at += length;
            ulong number = type switch
            {
                0 => Varint(bytes.Span, ref at),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(content.Span),
                5 => BinaryPrimitives.ReadUInt32LittleEndian(content.Span),
                _ => 0,
            };
            message._fields.Add((field, number, content));
        }

        return message;
    }

    public IEnumerable<ProtobufMessage> Messages(int field) => _fields.Where(f => f.Field == field).Select(f => Read(f.Bytes));

    public ProtobufMessage Message(int field) => Messages(field).Single();

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Span);

    public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

    public ulong Number(int field) => _fields.Where(f => f.Field == field).Select(f => f.Number).LastOrDefault();

    public double Real(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    public bool Has(int field) => _fields.Exists(f => f.Field == field);

    /// <summary>Packed numbers of 8 bytes each.</summary>
    public ulong[] Fixed64s(int field)
    {
        ReadOnlyMemory<byte> bytes = Bytes(field);
        return [.. Enumerable.Range(0, bytes.Length / sizeof(ulong)).Select(i => BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[(i * sizeof(ulong))..]))];
    }

    private ReadOnlyMemory<byte> Bytes(int field) => _fields.Where(f => f.Field == field).Select(f => f.Bytes).LastOrDefault();

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at == bytes.Length)
                throw new FormatException("a number ends beyond its message");
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw new FormatException("a number longer than 64 bits");
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sweep.Grains.Storage;

/// <summary>SHA-256 of values in a row: texts and bytes go with their length, so that none can be taken for part of the next.</summary>
internal sealed class DigestBuilder : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="what">What it is of, and the version of its layout: digests of different things never agree.</param>
    public DigestBuilder(string what) => Add(what);

    public DigestBuilder Add(string? text)
    {
        if (text is null)
            return Add(-1L);
        Add(Encoding.UTF8.GetBytes(text));
        return this;
    }

    public DigestBuilder Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        _hash.AppendData(bytes);
        return this;
    }

    public DigestBuilder Add(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        _hash.AppendData(bytes);
        return this;
    }

    /// <summary>Bit for bit, but for the sign of zero: SQLite doesn't keep it.</summary>
    public DigestBuilder Add(double? number) =>
        number is { } value ? Add(1L).Add(BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value)) : Add(0L);

    public byte[] Finish() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();
}

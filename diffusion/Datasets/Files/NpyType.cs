using System.Buffers.Binary;
using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>How NumPy stores one number: what its <c>descr</c> says.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Read">The number that such bytes are.</param>
internal sealed record NpyType(int Size, NpyType.Reader Read)
{
    /// <summary>Turns the bytes of one number into it.</summary>
    internal delegate double Reader(ReadOnlySpan<byte> bytes);

    private const string Allowed = "bool, whole numbers of 1 to 8 bytes, float16, float32, float64";

    /// <exception cref="KindException">No numbers, or of a kind that double precision does not hold.</exception>
    internal static NpyType Of(string path, string descr)
    {
        // '|' where there is no order, '=' for the writer's own, which is little-endian wherever we run.
        bool big = descr.StartsWith('>');
        return descr.TrimStart('<', '>', '|', '=') switch
        {
            "b1" => new(1, b => b[0] == 0 ? 0 : 1),
            "i1" => new(1, b => (sbyte)b[0]),
            "u1" => new(1, b => b[0]),
            "i2" => new(2, big ? b => BinaryPrimitives.ReadInt16BigEndian(b) : b => BinaryPrimitives.ReadInt16LittleEndian(b)),
            "u2" => new(2, big ? b => BinaryPrimitives.ReadUInt16BigEndian(b) : b => BinaryPrimitives.ReadUInt16LittleEndian(b)),
            "i4" => new(4, big ? b => BinaryPrimitives.ReadInt32BigEndian(b) : b => BinaryPrimitives.ReadInt32LittleEndian(b)),
            "u4" => new(4, big ? b => BinaryPrimitives.ReadUInt32BigEndian(b) : b => BinaryPrimitives.ReadUInt32LittleEndian(b)),
            "i8" => new(8, big ? b => BinaryPrimitives.ReadInt64BigEndian(b) : b => BinaryPrimitives.ReadInt64LittleEndian(b)),
            "u8" => new(8, big ? b => BinaryPrimitives.ReadUInt64BigEndian(b) : b => BinaryPrimitives.ReadUInt64LittleEndian(b)),
            "f2" => new(2, big ? b => (double)BinaryPrimitives.ReadHalfBigEndian(b) : b => (double)BinaryPrimitives.ReadHalfLittleEndian(b)),
            "f4" => new(4, big ? b => BinaryPrimitives.ReadSingleBigEndian(b) : b => BinaryPrimitives.ReadSingleLittleEndian(b)),
            "f8" => new(8, big ? b => BinaryPrimitives.ReadDoubleBigEndian(b) : b => BinaryPrimitives.ReadDoubleLittleEndian(b)),
            "O" => throw new KindException(
                $"{path}: type {descr}: pickled Python objects, which are never read; allowed: {Allowed} (save array.astype(float))"),
            _ => throw new KindException($"{path}: type {descr}; allowed: {Allowed}"),
        };
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Sweep.Diffusion.Datasets;

namespace Sweep.Silo;

/// <summary>Writes NumPy's .npy format, version 1.0, C order.</summary>
public static class NpyWriter
{
    private const int Alignment = 64;

    /// <summary>Points as float64, little-endian, shape (count, dimensions).</summary>
    public static byte[] Format(PointSet points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return Format("<f8", [points.Count, points.Dimensions], MemoryMarshal.AsBytes(points.Values.AsSpan()));
    }

    /// <param name="type">As NumPy writes it: <c>&lt;f4</c>.</param>
    /// <param name="shape">Of at least two axes.</param>
    /// <param name="content">The values.</param>
    internal static byte[] Format(string type, int[] shape, ReadOnlySpan<byte> content)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}), }}";
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];
        int prefix = magic.Length + sizeof(ushort);
        int padded = ((prefix + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - prefix;
        var bytes = new byte[prefix + padded + content.Length];
        magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(magic.Length), (ushort)padded);
        Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n", bytes.AsSpan(prefix));
        content.CopyTo(bytes.AsSpan(prefix + padded));
        return bytes;
    }
}

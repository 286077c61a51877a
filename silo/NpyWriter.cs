using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Sweep.Diffusion.Datasets;

namespace Sweep.Silo;

/// <summary>Writes points as NumPy's .npy format, version 1.0: float64, little-endian, C order, shape (count, dimensions).</summary>
public static class NpyWriter
{
    private const int Alignment = 64;

    public static byte[] Format(PointSet points)
    {
        string header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({points.Count}, {points.Dimensions}), }}";
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];
        int prefix = magic.Length + sizeof(ushort);
        int padded = ((prefix + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - prefix;
        var bytes = new byte[prefix + padded + (points.Values.Length * sizeof(double))];
        magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(magic.Length), (ushort)padded);
        Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n", bytes.AsSpan(prefix));
        MemoryMarshal.AsBytes(points.Values.AsSpan()).CopyTo(bytes.AsSpan(prefix + padded));
        return bytes;
    }
}

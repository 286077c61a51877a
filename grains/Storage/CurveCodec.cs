using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>Curves as stored: IEEE 754 binary32, little-endian, bit for bit (NaN payloads too).</summary>
internal static class CurveCodec
{
    public static byte[] Encode(float[] curve)
    {
        byte[] bytes = new byte[curve.Length * sizeof(float)];
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(curve.AsSpan()).CopyTo(bytes);
        else
            for (int i = 0; i < curve.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), curve[i]);
        return bytes;
    }

    /// <exception cref="StoreException">The length is not a multiple of 4: the file is damaged.</exception>
    public static float[] Decode(byte[] bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
            throw new StoreException($"a stored curve has {bytes.Length} bytes; allowed: a multiple of 4");
        float[] curve = new float[bytes.Length / sizeof(float)];
        if (BitConverter.IsLittleEndian)
            bytes.CopyTo(MemoryMarshal.AsBytes(curve.AsSpan()));
        else
            for (int i = 0; i < curve.Length; i++)
                curve[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        return curve;
    }
}

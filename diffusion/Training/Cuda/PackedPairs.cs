using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>Sums of distances on a device: each distance in single precision, their sum in double.</summary>
internal static class PackedPairs
{
    private const int Threads = 128, TileRows = 64, BlockRowsB = 512;

    /// <summary>Null where a block's points don't fit into shared memory.</summary>
    public static double? Sum(IPackedBackend backend, Func<long, nuint> allocate, ReadOnlySpan<double> a, ReadOnlySpan<double> b, int dimensions)
    {
        int sharedBytes = (sizeof(double) * Threads) + (sizeof(float) * dimensions * (Threads + TileRows));
        if (sharedBytes > backend.SharedBytes || a.IsEmpty || b.IsEmpty)
            return a.IsEmpty || b.IsEmpty ? 0 : null;
        int rowsA = a.Length / dimensions, rowsB = b.Length / dimensions, blocksA = (rowsA + Threads - 1) / Threads, blocksB = (rowsB + BlockRowsB - 1) / BlockRowsB;
        int offsetB = (a.Length + 3) / 4 * 4, inputs = (offsetB + b.Length + 3) / 4 * 4;
        float[] points = new float[inputs];
        for (int i = 0; i < a.Length; i++)
            points[i] = (float)a[i];
        for (int i = 0; i < b.Length; i++)
            points[offsetB + i] = (float)b[i];
        double[] sums = new double[blocksA * blocksB];
        nuint room = allocate((sizeof(float) * (long)inputs) + (sizeof(double) * (long)sums.Length));
        try
        {
            var call = new PairCall
            {
                A = room,
                B = room + (nuint)(sizeof(float) * (long)offsetB),
                Sums = room + (nuint)(sizeof(float) * (long)inputs),
                CountA = rowsA,
                CountB = rowsB,
                Dimensions = dimensions,
                BlocksB = blocksB,
            };
            backend.Run(
                new KernelCall("measure", "pair_distances", sums.Length, Threads, sharedBytes), MemoryMarshal.AsBytes(new ReadOnlySpan<PairCall>(in call)),
                room, MemoryMarshal.AsBytes(points.AsSpan()), call.Sums, MemoryMarshal.AsBytes(sums.AsSpan()));
        }
        finally
        {
            backend.Free(room);
        }

        return sums.Sum();
    }
}

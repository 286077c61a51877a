using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>Sums of distances on a device: each distance in single precision, their sum in double.</summary>
internal static class PackedPairs
{
    private const int Threads = 128, TileRows = 64, BlockRowsB = 512;

    /// <summary>Whether a block's points fit into the device's shared memory.</summary>
    public static bool Fits(IPackedBackend backend, int dimensions) => SharedBytes(dimensions) <= backend.SharedBytes;

    /// <summary>Null where a block's points don't fit into shared memory.</summary>
    public static double? Sum(IPackedBackend backend, Func<long, nuint> allocate, ReadOnlySpan<double> a, ReadOnlySpan<double> b, int dimensions)
    {
        if (a.IsEmpty || b.IsEmpty)
            return 0;
        if (!Fits(backend, dimensions))
            return null;
        int offsetB = Up(a.Length);
        float[] points = new float[offsetB + Up(b.Length)];
        Narrow(a, points);
        Narrow(b, points.AsSpan(offsetB));
        nuint room = allocate((sizeof(float) * (long)points.Length) + SumBytes(a.Length / dimensions, b.Length / dimensions));
        try
        {
            backend.Upload(room, MemoryMarshal.AsBytes(points.AsSpan()));
            return Sum(
                backend, room, a.Length / dimensions, room + (nuint)(sizeof(float) * (long)offsetB), b.Length / dimensions,
                    room + (nuint)(sizeof(float) * (long)points.Length), dimensions);
        }
        finally
        {
            backend.Free(room);
        }
    }

    /// <summary>Of points that are on the device: with others, and among themselves.</summary>
    /// <param name="backend">The device.</param>
    /// <param name="allocate">Its memory.</param>
    /// <param name="a">Address of (rows, d) floats.</param>
    /// <param name="rows">At least one.</param>
    /// <param name="others">(m, d), m at least 1.</param>
    /// <param name="dimensions">d, which <see cref="Fits"/>.</param>
    public static (double Cross, double Own) Sums(IPackedBackend backend, Func<long, nuint> allocate, nuint a, int rows, ReadOnlySpan<double> others,
        int dimensions)
    {
        int count = others.Length / dimensions;
        float[] points = new float[Up(others.Length)];
        Narrow(others, points);
        nuint room = allocate((sizeof(float) * (long)points.Length) + Math.Max(SumBytes(rows, count), SumBytes(rows, rows))),
            sums = room + (nuint)(sizeof(float) * (long)points.Length);
        try
        {
            backend.Upload(room, MemoryMarshal.AsBytes(points.AsSpan()));
            return (Sum(backend, a, rows, room, count, sums, dimensions), Sum(backend, a, rows, a, rows, sums, dimensions));
        }
        finally
        {
            backend.Free(room);
        }
    }

    private static double Sum(IPackedBackend backend, nuint a, int rowsA, nuint b, int rowsB, nuint sums, int dimensions)
    {
        var call = new PairCall { A = a, B = b, Sums = sums, CountA = rowsA, CountB = rowsB, Dimensions = dimensions,
            BlocksB = (rowsB + BlockRowsB - 1) / BlockRowsB };
        double[] parts = new double[SumBytes(rowsA, rowsB) / sizeof(double)];
        backend.Launch(new KernelCall("measure", "pair_distances", parts.Length, Threads, SharedBytes(dimensions)),
            MemoryMarshal.AsBytes(new ReadOnlySpan<PairCall>(in call)));
        backend.Download(sums, MemoryMarshal.AsBytes(parts.AsSpan()));
        return parts.Sum();
    }

    private static int SharedBytes(int dimensions) => (sizeof(double) * Threads) + (sizeof(float) * dimensions * (Threads + TileRows));

    private static long SumBytes(int rowsA, int rowsB) => sizeof(double) * (long)((rowsA + Threads - 1) / Threads) * ((rowsB + BlockRowsB - 1) / BlockRowsB);

    private static int Up(int floats) => (floats + 3) / 4 * 4;

    private static void Narrow(ReadOnlySpan<double> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = (float)from[i];
    }
}

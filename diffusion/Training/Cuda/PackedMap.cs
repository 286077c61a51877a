using System.Runtime.InteropServices;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A fitted preprocessing's way back to data space on a device, in double: affine layers, and splines by bisection of their knots.</summary>
internal sealed class PackedMap : IDisposable
{
    private const int Threads = 128, MostBlockRows = 128;

    /// <summary>What two matrices of a block's points should take of the shared memory.</summary>
    private const int BlockBytes = 32 << 10;

    private readonly IPackedBackend _backend;
    private readonly nuint _tables;
    private readonly UnmapCall _call;

    private PackedMap(IPackedBackend backend, Func<long, nuint> allocate, FittedPreprocessing fitted)
    {
        _backend = backend;
        int d = fitted.Dimensions;
        _call = new UnmapCall { Dimensions = d, BlockRows = BlockRows(d), LayerCount = fitted.Layers.Count };
        if (fitted.Layers.Count == 0)
            return;
        List<double> tables = [];
        List<int> layers = new(new int[2 * fitted.Layers.Count]);
        int at = 0;
        foreach (IFittedLayer layer in fitted.Layers.Reverse())
        {
            if (layer is AffineLayer affine)
            {
                (layers[at], layers[at + 1]) = (0, tables.Count);
                tables.AddRange(affine.Shift);
                tables.AddRange(affine.InverseMatrix);
            }
            else
            {
                (layers[at], layers[at + 1]) = (1, layers.Count);
                foreach (var spline in ((MarginalLayer)layer).Tables)
                {
                    layers.AddRange([spline.U.Length, tables.Count]);
                    tables.AddRange(spline.U);
                    tables.AddRange(spline.Y);
                    tables.AddRange(spline.Slope);
                }
            }

            at += 2;
        }

        long bytes = sizeof(double) * (long)tables.Count;
        _tables = allocate(bytes + (sizeof(int) * layers.Count));
        _call.Tables = _tables;
        _call.Layers = _tables + (nuint)bytes;
        backend.Upload(_call.Tables, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(tables)));
        backend.Upload(_call.Layers, MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(layers)));
    }

    /// <summary>Null for a preprocessing of other layers, or of so many dimensions that a point doesn't fit into shared memory.</summary>
    public static PackedMap? Create(IPackedBackend backend, Func<long, nuint> allocate, IFittedPreprocessing fitted) =>
        fitted is FittedPreprocessing known && known.Layers.All(l => l is AffineLayer or MarginalLayer) && SharedBytes(known.Dimensions) <= backend.SharedBytes
            ? new PackedMap(backend, allocate, known)
            : null;

    /// <summary>Enqueues the way back of matrices of points.</summary>
    /// <param name="records">(states, d, stride) doubles.</param>
    /// <param name="points">Receives (states, rows, d) floats; 0: none.</param>
    /// <param name="wide">Receives the same in double; 0: none.</param>
    /// <param name="states">How many.</param>
    /// <param name="rows">Of each.</param>
    /// <param name="stride">From one coordinate's values to the next's.</param>
    public void Enqueue(nuint records, nuint points, nuint wide, int states, int rows, int stride)
    {
        int blocks = (rows + _call.BlockRows - 1) / _call.BlockRows;
        var call = _call with { Records = records, Points = points, Wide = wide, Rows = rows, Stride = stride, BlocksPerState = blocks };
        _backend.Launch(new KernelCall("measure", "unmap_states", states * blocks, Threads, SharedBytes(call.Dimensions)), MemoryMarshal.AsBytes(new ReadOnlySpan<UnmapCall>(in call)));
    }

    public void Dispose()
    {
        if (_tables != 0)
            _backend.Free(_tables);
    }

    private static int BlockRows(int dimensions) => Math.Clamp(BlockBytes / (2 * sizeof(double) * dimensions), 1, MostBlockRows);

    private static int SharedBytes(int dimensions) => 2 * sizeof(double) * dimensions * BlockRows(dimensions);
}

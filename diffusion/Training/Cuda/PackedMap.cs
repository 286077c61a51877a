using System.Runtime.InteropServices;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A fitted preprocessing's way back to data space on a device, in double: affine layers, and splines by bisection of their knots.</summary>
internal sealed class PackedMap : IDisposable
{
    private const int Threads = 128, MaxBlockRows = 128;

    /// <summary>What two matrices of a block's points should take of the shared memory.</summary>
    private const int BlockBytes = 32 << 10;

    private readonly IPackedBackend _backend;
    private readonly nuint _tables;
    private readonly UnmapCall _call;

    private PackedMap(IPackedBackend backend, Func<long, nuint> allocate, int dimensions, LayerTables layers)
    {
        _backend = backend;
        _call = new UnmapCall { Dimensions = dimensions, BlockRows = BlockRows(dimensions), LayerCount = layers.Count };
        if (layers.Count == 0)
            return;
        (double[] tables, int[] places) = layers.Finish();
        long bytes = sizeof(double) * (long)tables.Length;
        _tables = allocate(bytes + (sizeof(int) * places.Length));
        _call.Tables = _tables;
        _call.Layers = _tables + (nuint)bytes;
        backend.Upload(_call.Tables, MemoryMarshal.AsBytes(tables.AsSpan()));
        backend.Upload(_call.Layers, MemoryMarshal.AsBytes(places.AsSpan()));
    }

    /// <summary>Null for a preprocessing whose way back the kernels don't know, or of so many dimensions that a point doesn't fit into shared memory.</summary>
    public static PackedMap? Create(IPackedBackend backend, Func<long, nuint> allocate, IFittedPreprocessing fitted)
    {
        var layers = new LayerTables();
        return SharedBytes(fitted.Dimensions) <= backend.SharedBytes && fitted.TryWriteInverse(layers)
            ? new PackedMap(backend, allocate, fitted.Dimensions, layers) : null;
    }

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
        _backend.Launch(new KernelCall("measure", "unmap_states", states * blocks, Threads, SharedBytes(call.Dimensions)),
            MemoryMarshal.AsBytes(new ReadOnlySpan<UnmapCall>(in call)));
    }

    public void Dispose()
    {
        if (_tables != 0)
            _backend.Free(_tables);
    }

    private static int BlockRows(int dimensions) => Math.Clamp(BlockBytes / (2 * sizeof(double) * dimensions), 1, MaxBlockRows);

    private static int SharedBytes(int dimensions) => 2 * sizeof(double) * dimensions * BlockRows(dimensions);

    /// <summary>
    /// The kernel's tables: (kind, begin) of every layer, then the splines' (knots, begin), and the doubles that these lead to. The same numbers as
    /// Kernels/measure.h has.
    /// </summary>
    private sealed class LayerTables : ILayerWriter
    {
        private const int AffineKind = 0, SplineKind = 1, NumbersPerLayer = 2;

        private readonly List<double> _values = [];
        private readonly List<int> _splines = [];
        private readonly List<(int Kind, int Begin)> _layers = [];

        public int Count => _layers.Count;

        public void Affine(ReadOnlySpan<double> shift, ReadOnlySpan<double> matrix)
        {
            _layers.Add((AffineKind, _values.Count));
            _values.AddRange(shift);
            _values.AddRange(matrix);
        }

        public void Splines(IReadOnlyList<RationalQuadraticSpline> splines)
        {
            _layers.Add((SplineKind, _splines.Count));
            foreach (var spline in splines)
            {
                _splines.AddRange([spline.U.Length, _values.Count]);
                _values.AddRange(spline.U);
                _values.AddRange(spline.Y);
                _values.AddRange(spline.Slope);
            }
        }

        public (double[] Values, int[] Places) Finish()
        {
            int first = NumbersPerLayer * Count;
            return ([.. _values], [.. _layers.SelectMany(l => new[] { l.Kind, l.Kind == SplineKind ? first + l.Begin : l.Begin }), .. _splines]);
        }
    }
}

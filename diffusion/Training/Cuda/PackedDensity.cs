using System.Runtime.InteropServices;
using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A mixture's or a product of mixtures' log-density on a device.</summary>
internal sealed class PackedDensity : IDeviceDensity
{
    private const int Threads = 128, GroupNumbers = 6;

    private readonly IPackedBackend _backend;
    private readonly Func<long, nuint> _allocate;
    private readonly nuint _tables;
    private readonly DensityCall _call;
    private nuint _room;
    private int _rows;

    private PackedDensity(IPackedBackend backend, Func<long, nuint> allocate, Tables tables, int dimensions)
    {
        _backend = backend;
        _allocate = allocate;
        int[] sizes = [tables.Map.Length, tables.Means.Count, tables.Shapes.Count, tables.LogCoefficients.Count, tables.Groups.Count];
        int[] offsets = new int[sizes.Length];
        for (int i = 1; i < sizes.Length; i++)
            offsets[i] = offsets[i - 1] + ((sizes[i - 1] + 3) / 4 * 4);
        float[] all = new float[offsets[^1] + sizes[^1]];
        tables.Map.CopyTo(all, offsets[0]);
        tables.Means.CopyTo(all, offsets[1]);
        tables.Shapes.CopyTo(all, offsets[2]);
        tables.LogCoefficients.CopyTo(all, offsets[3]);
        CollectionsMarshal.AsSpan(tables.Groups).CopyTo(MemoryMarshal.Cast<float, int>(all.AsSpan(offsets[4])));
        _tables = allocate(sizeof(float) * all.Length);
        backend.Upload(_tables, MemoryMarshal.AsBytes(all.AsSpan()));
        _call = new DensityCall
        {
            Map = tables.Map.Length > 0 ? At(0) : 0,
            Means = At(1),
            Shapes = At(2),
            LogCoefficients = At(3),
            Groups = At(4),
            Dimensions = dimensions,
            GroupCount = tables.Groups.Count / GroupNumbers,
            Triangular = tables.Triangular ? 1 : 0,
            Constant = tables.Constant,
        };

        nuint At(int table) => _tables + (nuint)(sizeof(float) * offsets[table]);
    }

    /// <summary>Null for another kind of density, or one of so many dimensions that a block's points don't fit into shared memory.</summary>
    public static PackedDensity? Create(IPackedBackend backend, Func<long, nuint> allocate, IDensity density)
    {
        if (SharedBytes(density.Dimensions) > backend.SharedBytes)
            return null;
        return density switch
        {
            GaussianMixture mixture => new PackedDensity(backend, allocate, Tables.Of(mixture), mixture.Dimensions),
            ProductMixture product => new PackedDensity(backend, allocate, Tables.Of(product), product.Dimensions),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public bool TryLogDensity(ReadOnlySpan<float> points, Span<float> nats)
    {
        int d = _call.Dimensions, rows = nats.Length;
        if (points.Length != rows * d)
            throw new ArgumentException($"{rows} log-densities for {points.Length} values; allowed: one for each {d}", nameof(nats));
        if (rows > _rows)
        {
            if (_room != 0)
                _backend.Free(_room);
            _room = 0;
            _room = _allocate((long)sizeof(float) * rows * (d + 1));
            _rows = rows;
        }

        nuint target = _room + (nuint)(sizeof(float) * (long)_rows * d);
        int blocks = BlocksPerState(rows);
        var call = _call with { Points = _room, Nats = target, Rows = rows, BlocksPerState = blocks };
        _backend.Run(
            new KernelCall("measure", "log_density", blocks, Threads, SharedBytes(d)), MemoryMarshal.AsBytes(new ReadOnlySpan<DensityCall>(in call)),
            _room, MemoryMarshal.AsBytes(points), target, MemoryMarshal.AsBytes(nats));
        foreach (float value in nats)
        {
            if (!float.IsFinite(value))
                return false;
        }

        return true;
    }

    /// <summary>Doubles that <see cref="Enqueue"/> writes for each state.</summary>
    public static int BlocksPerState(int rows) => (rows + Threads - 1) / Threads;

    /// <summary>Enqueues the log-densities of states that are on the device; what comes is sums over some rows each, to be added up.</summary>
    /// <param name="points">Where they are, (states, rows, d).</param>
    /// <param name="sums">Where the sums go, (states, <see cref="BlocksPerState"/>) doubles; not finite where a row's log-density isn't.</param>
    /// <param name="states">How many.</param>
    /// <param name="rows">Of each.</param>
    public void Enqueue(nuint points, nuint sums, int states, int rows)
    {
        int blocks = BlocksPerState(rows);
        var call = _call with { Points = points, Sums = sums, Rows = rows, BlocksPerState = blocks };
        _backend.Launch(new KernelCall("measure", "log_density", states * blocks, Threads, SharedBytes(call.Dimensions)),
            MemoryMarshal.AsBytes(new ReadOnlySpan<DensityCall>(in call)));
    }

    public void Dispose()
    {
        _backend.Free(_tables);
        if (_room != 0)
            _backend.Free(_room);
    }

    /// <summary>A block's points, what the map makes of them, and their log-densities.</summary>
    private static int SharedBytes(int dimensions) => sizeof(float) * ((2 * dimensions) + 1) * Threads;

    /// <summary>The kernel's tables, as lists.</summary>
    private sealed class Tables
    {
        public float[] Map { get; init; } = [];

        public float Constant { get; init; }

        public bool Triangular { get; init; }

        public List<float> Means { get; } = [];

        public List<float> Shapes { get; } = [];

        public List<float> LogCoefficients { get; } = [];

        public List<int> Groups { get; } = [];

        public static Tables Of(GaussianMixture mixture)
        {
            var tables = new Tables { Triangular = mixture.Shapes is CholeskyShapes };
            tables.Add(mixture, 0);
            return tables;
        }

        public static Tables Of(ProductMixture product)
        {
            var tables = new Tables { Map = Array.ConvertAll(product.Unmixing.ToArray(), v => (float)v), Constant = (float)-product.LogAbsDeterminant };
            for (int factor = 0; factor < product.Factors.Count; factor++)
                tables.Add(product.Factors[factor], factor);
            return tables;
        }

        private void Add(GaussianMixture mixture, int firstCoordinate)
        {
            Groups.AddRange([firstCoordinate, mixture.Dimensions, LogCoefficients.Count, mixture.Components, Means.Count, Shapes.Count]);
            foreach (double mean in mixture.Means)
                Means.Add((float)mean);
            foreach (double coefficient in mixture.LogCoefficients)
                LogCoefficients.Add((float)coefficient);
            if (mixture.Shapes is IsotropicShapes isotropic)
            {
                foreach (double std in isotropic.Stds)
                    Shapes.Add((float)(1 / std));
                return;
            }

            int d = mixture.Dimensions;
            for (int k = 0; k < mixture.Components; k++)
                AddInverse(((CholeskyShapes)mixture.Shapes).Factors.Slice(k * d * d, d * d), d);
        }

        /// <summary>The rows of a lower triangular matrix's inverse, by forward substitution.</summary>
        private void AddInverse(ReadOnlySpan<double> factor, int d)
        {
            double[] inverse = new double[d * d];
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double sum = i == j ? 1 : 0;
                    for (int m = j; m < i; m++)
                        sum -= factor[(i * d) + m] * inverse[(m * d) + j];
                    inverse[(i * d) + j] = sum / factor[(i * d) + i];
                    Shapes.Add((float)inverse[(i * d) + j]);
                }
            }
        }
    }
}

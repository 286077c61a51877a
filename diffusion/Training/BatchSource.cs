using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweep.Diffusion.Networks.Kernels;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Training;

/// <summary>
/// Draws the rows of training batches. Row r of step n takes its point and noise level from the Philox words at (block 0, r, n, TrainingBatch): word A times the number of points, its high half, is
/// the point (uniform, with replacement); the top 12 bits of word B place the row within its stratum: the level's table row is (4096 r + (B >> 20)) / batch, rounded down. Stratifying the levels over the batch
/// takes most of the variance that the choice of levels adds to the gradient. Its noise is <see cref="NormalNoise"/> at (r, n, TrainingNoise).
/// </summary>
internal abstract unsafe class BatchSource : IDisposable
{
    public static BatchSource Create(TrainingJob job, NoiseTable table, int blockRows, VectorPath path) => path switch
    {
        VectorPath.Vector512 => new BatchSource<Vector512<float>, Lanes512>(job, table, blockRows),
        VectorPath.Vector256 => new BatchSource<Vector256<float>, Lanes256>(job, table, blockRows),
        _ => new BatchSource<float, LanesScalar>(job, table, blockRows),
    };

    /// <summary>Writes rows firstRow … firstRow + rows - 1 of a step's batch to the network's input, target and row scale, and zeros up to a multiple of 16 rows.</summary>
    public abstract void Fill(FusedMlp network, int step, int firstRow, int rows);

    public abstract void Dispose();
}

/// <inheritdoc/>
internal sealed unsafe class BatchSource<T, L>(TrainingJob job, NoiseTable table, int blockRows) : BatchSource
    where T : unmanaged
    where L : struct, ILanes<T>
{
    /// <summary>(d, blockRows): noise and the points' coordinates, a column after the other.</summary>
    private readonly NativeBuffer _noise = new(blockRows * job.Shape.Dimensions), _points = new(blockRows * job.Shape.Dimensions);

    /// <summary>Words A and B of each row; then the columns of <see cref="NoiseTable.Coefficients"/>: (blockRows) each.</summary>
    private readonly NativeBuffer _words = new(2 * blockRows), _coefficients = new(5 * blockRows);

    /// <summary>ceil(2^64 / batch): the high half of its product with a 32-bit number is that number divided by the batch.</summary>
    private readonly ulong _batchReciprocal = (ulong.MaxValue / (ulong)job.Settings.Batch) + 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(FusedMlp network, int step, int firstRow, int rows)
    {
        NormalNoise.FillColumns<T, L>(_noise.Pointer, blockRows, job.Seed, NoisePurpose.TrainingNoise, (uint)step, (uint)firstRow, rows, job.Shape.Dimensions);
        DrawWords(_words.Pointer, step, firstRow, rows);
        Gather(network, firstRow, rows);

        int padded = (rows + 15) & ~15;
        for (int row = rows; row < padded; row++)
            Blank(network, row);
        Combine(network, padded);
    }

    public override void Dispose()
    {
        _noise.Dispose();
        _points.Dispose();
        _words.Dispose();
        _coefficients.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DrawWords(float* words, int step, int firstRow, int rows)
    {
        T block = L.BroadcastBits(0);
        int row = 0;
        for (; row + L.Count < rows; row += 2 * L.Count)
        {
            T ids = L.AddBits(L.LaneIndices, L.BroadcastBits((uint)(firstRow + row)));
            var (first, second) = PhiloxLanes<T, L>.Words(job.Seed, block, ids, L.AddBits(ids, L.BroadcastBits((uint)L.Count)), (uint)step, NoisePurpose.TrainingBatch);
            L.Store(words + row, first.A);
            L.Store(words + blockRows + row, first.B);
            L.Store(words + row + L.Count, second.A);
            L.Store(words + blockRows + row + L.Count, second.B);
        }

        if (row < rows)
        {
            T ids = L.AddBits(L.LaneIndices, L.BroadcastBits((uint)(firstRow + row)));
            (T a, T b, _, _) = PhiloxLanes<T, L>.Words(job.Seed, block, ids, (uint)step, NoisePurpose.TrainingBatch);
            L.Store(words + row, a);
            L.Store(words + blockRows + row, b);
        }
    }

    /// <summary>Looks up each row's point, level and features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(FusedMlp network, int firstRow, int rows)
    {
        nint d = job.Shape.Dimensions, features = job.Shape.TimeFeatures;
        uint* words = (uint*)_words.Pointer;
        float* columns = _coefficients.Pointer, points = _points.Pointer;
        nint stride = network.Layout.InputStride, step = blockRows;
        float* input = network.Input + d;
        ulong count = (ulong)job.Points, reciprocal = _batchReciprocal;
        fixed (float* data = job.Data, coefficients = table.CoefficientArray, featureRows = table.FeatureArray)
        {
            for (nint row = 0; row < rows; row++, input += stride)
            {
                float* x0 = data + ((nint)((words[row] * count) >> 32) * d);
                ulong place = ((ulong)(firstRow + row) * NoiseTable.Rows) + (words[step + row] >> 20);
                nint level = reciprocal == 0 ? (nint)place : (nint)Math.BigMul(place, reciprocal, out _);
                float* c = coefficients + (level * NoiseTable.CoefficientStride);
                columns[row] = c[NoiseTable.InputClean];
                columns[step + row] = c[NoiseTable.InputNoise];
                columns[(2 * step) + row] = c[NoiseTable.TargetClean];
                columns[(3 * step) + row] = c[NoiseTable.TargetNoise];
                columns[(4 * step) + row] = c[NoiseTable.Weight];
                for (nint i = 0; i < d; i++)
                    points[(i * step) + row] = x0[i];

                float* from = featureRows + (level * features);
                nint feature = 0;
                for (; feature + L.Count <= features; feature += L.Count)
                    L.Store(input + feature, L.Load(from + feature));
                for (; feature < features; feature++)
                    input[feature] = from[feature];
            }
        }
    }

    /// <summary>A row beyond the batch: nothing in, no weight.</summary>
    private void Blank(FusedMlp network, nint row)
    {
        new Span<float>(network.Input + (row * network.Layout.InputStride), job.Shape.Inputs).Clear();
        for (nint column = 0; column < 5; column++)
            _coefficients.Pointer[(column * blockRows) + row] = 0;
        for (nint i = 0; i < job.Shape.Dimensions; i++)
            _points.Pointer[(i * blockRows) + row] = _noise.Pointer[(i * blockRows) + row] = 0;
    }

    /// <summary>Scaled inputs, targets and row scales, a register of rows at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(FusedMlp network, int rows)
    {
        nint d = job.Shape.Dimensions, step = blockRows;
        float* c = _coefficients.Pointer, input = network.InputColumns, target = network.TargetColumns, scales = network.RowScale;
        T scale = L.Broadcast((float)(2.0 / ((double)job.Settings.Batch * d)));
        for (nint row = 0; row < rows; row += L.Count)
        {
            T inputClean = L.Load(c + row), inputNoise = L.Load(c + step + row), targetClean = L.Load(c + (2 * step) + row), targetNoise = L.Load(c + (3 * step) + row);
            L.Store(scales + row, L.Multiply(L.Load(c + (4 * step) + row), scale));
            for (nint i = 0; i < d; i++)
            {
                nint at = (i * step) + row;
                T x0 = L.Load(_points.Pointer + at), epsilon = L.Load(_noise.Pointer + at);
                L.Store(input + at, L.MultiplyAdd(inputNoise, epsilon, L.Multiply(inputClean, x0)));
                L.Store(target + at, L.MultiplyAdd(targetNoise, epsilon, L.Multiply(targetClean, x0)));
            }
        }
    }
}

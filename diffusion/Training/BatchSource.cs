using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sweep.Diffusion.Networks.Kernels;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Training;

/// <summary>
/// Draws the rows of training batches. Row r of step n takes its point and noise level from the Philox words at (block 0, r, n, TrainingBatch): word A times
/// the number of points, its high half, is the point (uniform, with replacement); the top 12 bits of word B place the row within its stratum: the level's table
/// row is (4096 r + (B >> 20)) / batch, rounded down. Stratifying the levels over the batch takes most of the variance that the choice of levels adds to the
/// gradient. Its noise is <see cref="NormalNoise"/> at (r, n, TrainingNoise).
/// </summary>
internal abstract unsafe class BatchSource : IDisposable
{
    public static BatchSource Create(TrainingJob job, NoiseTable table, int blockRows, VectorPath path) => path switch
    {
        VectorPath.Vector512 => new BatchSource<Vector512<float>, Lanes512>(job, table, blockRows),
        VectorPath.Vector256 => new BatchSource<Vector256<float>, Lanes256>(job, table, blockRows),
        _ => new BatchSource<float, LanesScalar>(job, table, blockRows),
    };

    /// <summary>
    /// Writes rows firstRow … firstRow + rows - 1 of a step's batch to the network's input, target and row scale, and zeros up to a multiple of 16 rows.
    /// </summary>
    public abstract void Fill(FusedMlp network, int step, int firstRow, int rows);

    public abstract void Dispose();
}

/// <inheritdoc/>
/// <remarks>
/// Points and levels are random rows of tables too large for the first-level cache, and waiting for them took as long as a fifth of a narrow network's step. So
/// the table of levels is kept aligned to cache lines, and what a row needs is sought and asked for before the noise is drawn, which takes about as long as it
/// takes to come.
/// </remarks>
internal sealed unsafe class BatchSource<T, L> : BatchSource
    where T : unmanaged
    where L : struct, ILanes<T>
{
    private readonly TrainingJob _job;
    private readonly int _blockRows;

    /// <summary>(d, blockRows): noise and the points' coordinates, a column after the other.</summary>
    private readonly NativeBuffer _noise, _points;

    /// <summary>(blockRows, d): the points as they come.</summary>
    private readonly NativeBuffer _pointRows;

    /// <summary>Words A and B of each row; then the columns of <see cref="NoiseTable.Coefficients"/>: (blockRows) each.</summary>
    private readonly NativeBuffer _words, _coefficients;

    /// <summary>As <see cref="NoiseTable"/> has them.</summary>
    private readonly NativeBuffer _tableCoefficients, _tableFeatures;

    /// <summary>(blockRows): where each row's point begins in the data, and its row of the table.</summary>
    private readonly nint[] _starts;
    private readonly int[] _levels;

    /// <summary>ceil(2^64 / batch): the high half of its product with a 32-bit number is that number divided by the batch.</summary>
    private readonly ulong _batchReciprocal;

    public BatchSource(TrainingJob job, NoiseTable table, int blockRows)
    {
        _job = job;
        _blockRows = blockRows;
        _noise = new NativeBuffer(blockRows * job.Shape.Dimensions);
        _points = new NativeBuffer(blockRows * job.Shape.Dimensions);
        _pointRows = new NativeBuffer(blockRows * job.Shape.Dimensions);
        _words = new NativeBuffer(2 * blockRows);
        _coefficients = new NativeBuffer(5 * blockRows);
        _tableCoefficients = new NativeBuffer(table.Coefficients.Length);
        table.Coefficients.CopyTo(_tableCoefficients.Span);
        _tableFeatures = new NativeBuffer(table.Features.Length);
        table.Features.CopyTo(_tableFeatures.Span);
        _starts = new nint[blockRows];
        _levels = new int[blockRows];
        _batchReciprocal = (ulong.MaxValue / (ulong)job.Settings.Batch) + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(FusedMlp network, int step, int firstRow, int rows)
    {
        DrawWords(_words.Pointer, step, firstRow, rows);
        fixed (float* data = _job.Data)
        {
            Seek(data, firstRow, rows);
            NormalNoise.FillColumns<T, L>(_noise.Pointer, _blockRows, _job.Seed, NoisePurpose.TrainingNoise, (uint)step, (uint)firstRow, rows,
                _job.Shape.Dimensions);
            Gather(network, data, rows);
        }

        int padded = (rows + 15) & ~15;
        for (int row = rows; row < padded; row++)
            Blank(network, row);
        Combine(network, padded);
    }

    public override void Dispose()
    {
        _noise.Dispose();
        _points.Dispose();
        _pointRows.Dispose();
        _words.Dispose();
        _coefficients.Dispose();
        _tableCoefficients.Dispose();
        _tableFeatures.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DrawWords(float* words, int step, int firstRow, int rows)
    {
        T block = L.BroadcastBits(0);
        int row = 0;
        for (; row + L.Count < rows; row += 2 * L.Count)
        {
            T ids = L.AddBits(L.LaneIndices, L.BroadcastBits((uint)(firstRow + row)));
            var (first, second) =
                PhiloxLanes<T, L>.Words(_job.Seed, block, ids, L.AddBits(ids, L.BroadcastBits((uint)L.Count)), (uint)step, NoisePurpose.TrainingBatch);
            L.Store(words + row, first.A);
            L.Store(words + _blockRows + row, first.B);
            L.Store(words + row + L.Count, second.A);
            L.Store(words + _blockRows + row + L.Count, second.B);
        }

        if (row < rows)
        {
            T ids = L.AddBits(L.LaneIndices, L.BroadcastBits((uint)(firstRow + row)));
            (T a, T b, _, _) = PhiloxLanes<T, L>.Words(_job.Seed, block, ids, (uint)step, NoisePurpose.TrainingBatch);
            L.Store(words + row, a);
            L.Store(words + _blockRows + row, b);
        }
    }

    /// <summary>Decides each row's point and level, and asks the caches for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Seek(float* data, int firstRow, int rows)
    {
        nint d = _job.Shape.Dimensions, features = _job.Shape.TimeFeatures, step = _blockRows;
        uint* words = (uint*)_words.Pointer;
        float* coefficients = _tableCoefficients.Pointer, featureRows = _tableFeatures.Pointer;
        ulong count = (ulong)_job.Points, reciprocal = _batchReciprocal;
        fixed (nint* starts = _starts)
        fixed (int* levels = _levels)
        {
            for (nint row = 0; row < rows; row++)
            {
                nint start = (nint)((words[row] * count) >> 32) * d;
                ulong place = ((ulong)(firstRow + row) * NoiseTable.Rows) + (words[step + row] >> 20);
                nint level = reciprocal == 0 ? (nint)place : (nint)Math.BigMul(place, reciprocal, out _);
                starts[row] = start;
                levels[row] = (int)level;
                if (!Sse.IsSupported)
                    continue;
                Sse.Prefetch0(data + start);
                Sse.Prefetch0(coefficients + (level * NoiseTable.CoefficientStride));
                Sse.Prefetch0(featureRows + (level * features));
                Sse.Prefetch0(featureRows + (level * features) + 16);
            }
        }
    }

    /// <summary>Copies each row's point, coefficients and features.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(FusedMlp network, float* data, int rows)
    {
        nint d = _job.Shape.Dimensions, features = _job.Shape.TimeFeatures;
        float* columns = _coefficients.Pointer, points = _points.Pointer, coefficients = _tableCoefficients.Pointer, featureRows = _tableFeatures.Pointer;
        nint stride = network.Layout.InputStride, step = _blockRows;
        float* input = network.Input + d, pointRows = _pointRows.Pointer;
        bool byRow = d >= 4;
        fixed (nint* starts = _starts)
        fixed (int* levels = _levels)
        {
            for (nint row = 0; row < rows; row++, input += stride)
            {
                float* x0 = data + starts[row];
                nint level = levels[row];
                float* c = coefficients + (level * NoiseTable.CoefficientStride);
                columns[row] = c[NoiseTable.InputClean];
                columns[step + row] = c[NoiseTable.InputNoise];
                columns[(2 * step) + row] = c[NoiseTable.TargetClean];
                columns[(3 * step) + row] = c[NoiseTable.TargetNoise];
                columns[(4 * step) + row] = c[NoiseTable.Weight];
                if (byRow)
                    Copy(x0, pointRows + (row * d), d);
                else
                    Spread(x0, points + row, step, d);
                Copy(featureRows + (level * features), input, features);
            }
        }

        if (byRow)
            Transposition.Run(pointRows, d, points, step, rows, (int)d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* source, float* target, nint count)
    {
        nint i = 0;
        for (; i + L.Count <= count; i += L.Count)
            L.Store(target + i, L.Load(source + i));
        if (L.Count > 8 && i + 8 <= count)
        {
            Vector256.Load(source + i).Store(target + i);
            i += 8;
        }

        for (; i < count; i++)
            target[i] = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread(float* source, float* target, nint step, nint count)
    {
        for (nint i = 0; i < count; i++)
            target[i * step] = source[i];
    }

    /// <summary>A row beyond the batch: nothing in, no weight.</summary>
    private void Blank(FusedMlp network, nint row)
    {
        new Span<float>(network.Input + (row * network.Layout.InputStride), _job.Mlp.Inputs).Clear();
        for (nint column = 0; column < 5; column++)
            _coefficients.Pointer[(column * _blockRows) + row] = 0;
        for (nint i = 0; i < _job.Shape.Dimensions; i++)
            _points.Pointer[(i * _blockRows) + row] = _noise.Pointer[(i * _blockRows) + row] = 0;
    }

    /// <summary>Scaled inputs, targets and row scales, a register of rows at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(FusedMlp network, int rows)
    {
        nint d = _job.Shape.Dimensions, step = _blockRows;
        float* c = _coefficients.Pointer, input = network.InputColumns, target = network.TargetColumns, scales = network.RowScale;
        T scale = L.Broadcast((float)(2.0 / ((double)_job.Settings.Batch * d)));
        for (nint row = 0; row < rows; row += L.Count)
        {
            T inputClean = L.Load(c + row), inputNoise = L.Load(c + step + row), targetClean = L.Load(c + (2 * step) + row),
                targetNoise = L.Load(c + (3 * step) + row);
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

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sweep.Diffusion.Networks.Kernels;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Training;

/// <summary>
/// Draws the rows of training batches. Row r of step n takes its point and noise level from the Philox words at (block 0, r, n, TrainingBatch): word A times the number of points, its high half, is
/// the point (uniform, with replacement); word B places the row within its stratum, the level's table row being floor(4096 (r + B 2^-32) / batch). Stratifying the levels over the batch
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
    /// <summary>(blockRows, d) noise; then words A and B, (blockRows) each.</summary>
    private readonly NativeBuffer _noise = new(blockRows * job.Shape.Dimensions), _words = new(2 * blockRows);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Fill(FusedMlp network, int step, int firstRow, int rows)
    {
        var shape = job.Shape;
        int d = shape.Dimensions, features = shape.TimeFeatures;
        int batch = job.Settings.Batch;
        float* noise = _noise.Pointer;
        uint* words = (uint*)_words.Pointer;
        nint inputStride = network.Layout.InputStride, outputStride = network.Layout.OutputStride;
        double strata = (double)NoiseTable.Rows / batch;
        float scale = (float)(2.0 / ((double)batch * d));
        uint points = (uint)job.Points;

        NormalNoise.FillRows<T, L>(noise, d, job.Seed, NoisePurpose.TrainingNoise, (uint)step, (uint)firstRow, rows, d);
        DrawWords((float*)words, step, firstRow, rows);
        fixed (float* data = job.Data, coefficients = table.CoefficientArray, featureRows = table.FeatureArray)
        {
            for (int row = 0; row < rows; row++)
            {
                nint point = (nint)(((ulong)words[row] * points) >> 32);
                nint level = Math.Min((nint)((firstRow + row + (words[blockRows + row] * (1.0 / 4294967296.0))) * strata), NoiseTable.Rows - 1);
                float* c = coefficients + (level * NoiseTable.CoefficientStride);
                float* x0 = data + (point * d);
                float* input = network.Input + (row * inputStride);
                float* target = network.Target + (row * outputStride);
                float* epsilon = noise + ((nint)row * d);
                network.RowScale[row] = c[NoiseTable.Weight] * scale;
                for (int i = 0; i < d; i++)
                {
                    input[i] = MathF.FusedMultiplyAdd(c[NoiseTable.InputNoise], epsilon[i], c[NoiseTable.InputClean] * x0[i]);
                    target[i] = MathF.FusedMultiplyAdd(c[NoiseTable.TargetNoise], epsilon[i], c[NoiseTable.TargetClean] * x0[i]);
                }

                Unsafe.CopyBlockUnaligned(input + d, featureRows + (level * features), (uint)features * sizeof(float));
            }

            for (int row = rows; row % 16 != 0; row++)
            {
                new Span<float>(network.Input + (row * inputStride), shape.Inputs).Clear();
                new Span<float>(network.Target + (row * outputStride), d).Clear();
                network.RowScale[row] = 0;
            }
        }
    }

    public override void Dispose()
    {
        _noise.Dispose();
        _words.Dispose();
    }

    private void DrawWords(float* words, int step, int firstRow, int rows)
    {
        for (int row = 0; row < rows; row += L.Count)
        {
            T ids = L.AddBits(L.LaneIndices, L.BroadcastBits((uint)(firstRow + row)));
            (T a, T b, _, _) = PhiloxLanes<T, L>.Words(job.Seed, L.BroadcastBits(0), ids, (uint)step, NoisePurpose.TrainingBatch);
            L.Store(words + row, a);
            L.Store(words + blockRows + row, b);
        }
    }
}

using System.Runtime.InteropServices;
using Sweep.Diffusion.Numerics;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>Draws training batches as <see cref="BatchSource"/> does, number by number, into tensors of the device. Not thread-safe.</summary>
internal sealed class TorchBatches : IDisposable
{
    /// <summary>
    /// Arithmetic between two looks at a cancellation: some 0.1 s of a core with a fast BLAS, and a second with the reference BLAS. On a GPU it bounds the
    /// memory of a step.
    /// </summary>
    private const double ProcessorOperations = 1e9, DeviceOperations = 1e12;

    /// <summary>Forward, gradient by inputs, gradient by weights: two operations each per multiplication.</summary>
    private const double OperationsPerMultiplication = 6;

    private readonly TrainingJob _job;
    private readonly NoiseTable _table;
    private readonly torch.Device _device;

    /// <summary>On the processor, row-major (rows, d), (rows, time features), (rows, d), (rows, 1).</summary>
    private readonly torch.Tensor _input, _features, _target, _scale;
    private readonly float[] _noise;

    public TorchBatches(TrainingJob job, NoiseTable table, int rows, torch.Device device)
    {
        _job = job;
        _table = table;
        _device = device;
        Rows = rows;
        _input = torch.zeros(rows, job.Shape.Dimensions);
        _features = torch.zeros(rows, job.Shape.TimeFeatures);
        _target = torch.zeros(rows, job.Shape.Dimensions);
        _scale = torch.zeros(rows, 1);
        _noise = new float[rows * job.Shape.Dimensions];
    }

    /// <summary>Most rows at a time.</summary>
    public int Rows { get; }

    /// <summary>A whole number of sixteens, which depends on the job and the kind of device alone: the sums' order is part of the result.</summary>
    public static int RowsAtOnce(TrainingJob job, torch.Device device)
    {
        double most = (device.type == DeviceType.CPU ? ProcessorOperations : DeviceOperations) / (OperationsPerMultiplication * job.Shape.Multiplications);
        return (int)Math.Min(job.Settings.Batch, Math.Max(16, Math.Floor(most / 16) * 16));
    }

    /// <summary>Rows firstRow … firstRow + rows - 1 of a step's batch; its tensors belong to the caller's dispose scope.</summary>
    public TorchBatch Fill(int step, int firstRow, int rows)
    {
        int d = _job.Shape.Dimensions, features = _job.Shape.TimeFeatures;
        var noise = _noise.AsSpan(0, rows * d);
        NormalNoise.Fill(noise, _job.Seed, NoisePurpose.TrainingNoise, (uint)step, (uint)firstRow, d);
        Span<float> input = Values(_input), feature = Values(_features), target = Values(_target), scale = Values(_scale);
        float unit = (float)(2.0 / ((double)_job.Settings.Batch * d));
        for (int row = 0; row < rows; row++)
        {
            (uint a, uint b, _, _) = Philox.Words(_job.Seed, 0, (uint)(firstRow + row), (uint)step, NoisePurpose.TrainingBatch);
            int point = (int)((a * (ulong)_job.Points) >> 32);
            int level = (int)((((ulong)(firstRow + row) * NoiseTable.Rows) + (b >> 20)) / (ulong)_job.Settings.Batch);
            var c = _table.Coefficients.Slice(level * NoiseTable.CoefficientStride, NoiseTable.CoefficientStride);
            for (int i = 0; i < d; i++)
            {
                float x0 = _job.Data[(point * d) + i], epsilon = noise[(row * d) + i];
                input[(row * d) + i] = (c[NoiseTable.InputClean] * x0) + (c[NoiseTable.InputNoise] * epsilon);
                target[(row * d) + i] = (c[NoiseTable.TargetClean] * x0) + (c[NoiseTable.TargetNoise] * epsilon);
            }

            scale[row] = c[NoiseTable.Weight] * unit;
            _table.Features.Slice(level * features, features).CopyTo(feature.Slice(row * features, features));
        }

        return new TorchBatch(Part(_input, rows), Part(_features, rows), Part(_target, rows), Part(_scale, rows));
    }

    public void Dispose()
    {
        _input.Dispose();
        _features.Dispose();
        _target.Dispose();
        _scale.Dispose();
    }

    private static Span<float> Values(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private torch.Tensor Part(torch.Tensor whole, int rows)
    {
        var part = whole.narrow(0, 0, rows);
        return _device.type == DeviceType.CPU ? part : part.to(_device);
    }
}

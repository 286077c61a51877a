using System.Runtime.CompilerServices;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Kernels;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Training;

/// <summary>One job's state while the CPU trains it. Not thread-safe.</summary>
internal sealed unsafe class CpuTrainingRun : IDisposable
{
    private readonly TrainingSettings _settings;
    private readonly FusedMlp _network;
    private readonly BatchSource _batches;
    private readonly NativeBuffer _first, _second;
    private readonly List<LossPoint> _losses;
    private double _windowSum;

    /// <param name="job">What to train.</param>
    /// <param name="path">Which instructions.</param>
    /// <param name="batches">Where its batches come from; null for those of the job.</param>
    /// <param name="cancellation">Ends the making.</param>
    public CpuTrainingRun(TrainingJob job, VectorPath path, BatchSource? batches = null, CancellationToken cancellation = default)
    {
        _settings = job.Settings;
        SigmaData = job.SigmaData;
        var shape = job.Mlp;
        var table = new NoiseTable(job.Design, SigmaData, job.Shape.TimeFeatures);
        _network = FusedMlp.Create(shape, path, training: true);
        _batches = batches ?? BatchSource.Create(job, table, _network.BlockRows, path);
        _first = new NativeBuffer(_network.Layout.Count);
        _second = new NativeBuffer(_network.Layout.Count);
        _losses = new List<LossPoint>(LossWindow.Count(_settings.Steps));
        if (job.Checkpoint is null)
        {
            _network.SetWeights(InitialWeights.Draw(shape, job.Seed, cancellation));
            return;
        }

        var checkpoint = TrainingCheckpoint.FromBytes(job.Checkpoint, job.Shape, _settings.Steps);
        StepsDone = checkpoint.Step;
        _windowSum = checkpoint.WindowSum;
        _losses.AddRange(checkpoint.Losses);
        _network.SetWeights(checkpoint.Weights);
        _network.Layout.Pad(checkpoint.First, _first.Span);
        _network.Layout.Pad(checkpoint.Second, _second.Span);
    }

    public int StepsDone { get; private set; }

    public double SigmaData { get; }

    public IReadOnlyList<LossPoint> Losses => _losses;

    /// <summary>The loss window that the last step ended, if it did.</summary>
    public LossPoint? WindowEnded { get; private set; }

    /// <summary>
    /// One training step; returns its loss, or null when cancelled before the weights changed. After a loss that isn't finite the weights are as before the
    /// step.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double? Step(CancellationToken cancellation)
    {
        int batch = _settings.Batch, blockRows = _network.BlockRows;
        double loss = 0;
        for (int row = 0; row < batch; row += blockRows)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            int rows = Math.Min(blockRows, batch - row);
            _batches.Fill(_network, StepsDone, row, rows);
            loss += _network.LossAndGradient(rows, accumulate: row > 0);
        }

        _network.FinishGradient();
        WindowEnded = null;
        StepsDone++;
        if (!double.IsFinite(loss))
            return loss;
        _network.Update(_first.Pointer, _second.Pointer, AdamStep.For(_settings.LearningRateAt(StepsDone - 1), StepsDone));
        _windowSum += loss;
        CloseWindow();
        return loss;
    }

    public float[] Weights() => Unpadded(_network.Weights);

    public TrainingCheckpoint Checkpoint() =>
        new(StepsDone, _windowSum, Weights(), Unpadded(_first.Pointer), Unpadded(_second.Pointer), [.. _losses]);

    public void Dispose()
    {
        _network.Dispose();
        _batches.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private void CloseWindow()
    {
        int end = LossWindow.End(_settings.Steps, _losses.Count);
        if (StepsDone != end)
            return;
        int start = LossWindow.End(_settings.Steps, _losses.Count - 1);
        var point = new LossPoint(StepsDone, _windowSum / (end - start));
        _losses.Add(point);
        _windowSum = 0;
        WindowEnded = point;
    }

    private float[] Unpadded(float* padded)
    {
        float[] values = new float[_network.Layout.Canonical.Count];
        _network.Layout.Unpad(new ReadOnlySpan<float>(padded, _network.Layout.Count), values);
        return values;
    }
}

using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Kernels;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>
/// One job's state while libtorch trains it. Weights, gradient and moments are one flat tensor each (P), so that Adam is six operations whatever the number of
/// layers; the network's parameters and their gradients are views into them. Tensors of a step live in a dispose scope of its own. Not thread-safe.
/// </summary>
internal sealed class TorchRun : IDisposable
{
    private readonly TrainingJob _job;
    private readonly torch.Device _device;
    private readonly TorchNetwork _network;
    private readonly TorchBatches _batches;
    private readonly torch.Tensor _weights, _gradient, _first, _second;
    private readonly List<LossPoint> _losses = [];
    private readonly double _sigmaData;
    private double _windowSum;

    public TorchRun(TrainingJob job, torch.Device device, CancellationToken cancellation)
    {
        _job = job;
        _device = device;
        _sigmaData = job.SigmaData;
        var table = new NoiseTable(job.Design, _sigmaData, job.Shape.TimeFeatures);
        int count = job.Shape.ParameterCount;
        var start = job.Checkpoint is { } bytes
            ? TrainingCheckpoint.FromBytes(bytes, job.Shape, job.Settings.Steps)
            : new TrainingCheckpoint(0, 0, job.Shape.DrawWeights(job.Seed, cancellation), new float[count], new float[count], []);
        StepsDone = start.Step;
        _windowSum = start.WindowSum;
        _losses.AddRange(start.Losses);
        _weights = torch.tensor(start.Weights, device: device);
        _first = torch.tensor(start.First, device: device);
        _second = torch.tensor(start.Second, device: device);
        _gradient = torch.zeros(count, dtype: torch.float32, device: device);
        _network = TorchNetwork.Create(job.Shape, _weights, _gradient);
        _batches = new TorchBatches(job, table, TorchBatches.RowsAtOnce(job, device), device);
    }

    public int StepsDone { get; private set; }

    public IReadOnlyList<LossPoint> Losses => _losses;

    /// <summary>The loss window that the last step ended, if it did.</summary>
    public LossPoint? WindowEnded { get; private set; }

    /// <summary>
    /// One training step; returns its loss, or null when cancelled before the weights changed. After a loss that isn't finite the weights are as before the
    /// step.
    /// </summary>
    public double? Step(CancellationToken cancellation)
    {
        double loss = 0;
        Clear();
        for (int row = 0; row < _job.Settings.Batch; row += _batches.Rows)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            loss += Accumulate(row, Math.Min(_batches.Rows, _job.Settings.Batch - row));
        }

        WindowEnded = null;
        StepsDone++;
        if (!double.IsFinite(loss))
            return loss;
        Update();
        _windowSum += loss;
        CloseWindow();
        return loss;
    }

    public TrainedNetwork Network() => new()
    {
        Shape = _job.Shape,
        Parametrisation = _job.Design.Parametrisation,
        SigmaData = _sigmaData,
        Weights = Read(_weights),
    };

    public TrainingCheckpoint Checkpoint() => new(StepsDone, _windowSum, Read(_weights), Read(_first), Read(_second), [.. _losses]);

    public void Dispose()
    {
        _network.Dispose();
        _batches.Dispose();
        _weights.Dispose();
        _gradient.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    private void Clear()
    {
        using var scope = torch.NewDisposeScope();
        using var without = torch.no_grad();
        _gradient.fill_(TorchMath.Zero);
    }

    /// <summary>Adds some rows' part of the gradient, and returns their part of the loss.</summary>
    private double Accumulate(int firstRow, int rows)
    {
        using var scope = torch.NewDisposeScope();
        var batch = _batches.Fill(StepsDone, firstRow, rows);
        var output = _network.Forward(batch.Input, batch.Features);
        torch.Tensor slope;
        double loss;
        using (torch.no_grad())
        {
            // The loss is the mean of weight (F - target)^2; its derivative by F is scale (F - target) with scale = 2 weight / (batch d).
            var difference = output.detach().sub(batch.Target);
            slope = difference.mul(batch.Scale);
            loss = difference.mul(slope).sum().Value() / 2.0;
        }

        output.backward([slope]);
        return loss;
    }

    /// <summary>Adam (Kingma and Ba, arXiv 1412.6980, algorithm 1), the bias corrections in the rate and under the root.</summary>
    private void Update()
    {
        var adam = AdamStep.For(_job.Settings.LearningRateAt(StepsDone - 1), StepsDone);
        using var scope = torch.NewDisposeScope();
        using var without = torch.no_grad();
        _first.Scale(AdamStep.Beta1).Add(_gradient, 1 - AdamStep.Beta1);
        _second.Scale(AdamStep.Beta2).AddProduct(_gradient, _gradient, 1 - AdamStep.Beta2);
        var denominator = _second.sqrt().Scale(adam.InverseRootCorrection).Shift(AdamStep.Epsilon);
        _weights.AddRatio(_first, denominator, -adam.Rate);
    }

    private void CloseWindow()
    {
        int end = LossWindow.End(_job.Settings.Steps, _losses.Count);
        if (StepsDone != end)
            return;
        int start = LossWindow.End(_job.Settings.Steps, _losses.Count - 1);
        var point = new LossPoint(StepsDone, _windowSum / (end - start));
        _losses.Add(point);
        _windowSum = 0;
        WindowEnded = point;
    }

    private float[] Read(torch.Tensor flat)
    {
        using var scope = torch.NewDisposeScope();
        return MemoryMarshal.Cast<byte, float>((_device.type == DeviceType.CPU ? flat : flat.cpu()).bytes).ToArray();
    }
}

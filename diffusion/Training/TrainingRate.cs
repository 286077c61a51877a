using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training;

/// <summary>How fast this machine trains and samples a network on one otherwise idle core, measured.</summary>
/// <param name="StepsPerSecond">Training steps.</param>
/// <param name="DenoisedRowsPerSecond">Rows through the network in one denoiser call (what a sampler's step costs, but for the sampler's own
/// arithmetic).</param>
public sealed record TrainingRate(double StepsPerSecond, double DenoisedRowsPerSecond)
{
    private const int SampleRows = 4096;

    /// <summary>Short, so that on a busy machine some slices are undisturbed.</summary>
    private static readonly TimeSpan LongestSlice = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Trains and samples a network of the shape on noise for a moment. The best of several slices counts, so that other work on the machine disturbs little.
    /// Takes a bit over <paramref name="budget"/> for each of the two, at least one step.
    /// </summary>
    /// <param name="shape">The network.</param>
    /// <param name="batch">Rows per training step.</param>
    /// <param name="time">The clock.</param>
    /// <param name="budget">How long to measure; 0.2 s when null.</param>
    public static TrainingRate Measure(NetworkShape shape, int batch, TimeProvider time, TimeSpan? budget = null) => shape is MlpShape { IsFused: true } fused
        ? Measure(fused, batch, time, VectorPaths.Best, budget ?? TimeSpan.FromSeconds(0.2))
        : Measure(TorchRuntime.Engine.CreateTrainer("torch:cpu"), shape, batch, time, budget ?? TimeSpan.FromSeconds(0.2));

    /// <summary>The same by a trainer of choice, from the pace of its loss curve.</summary>
    public static TrainingRate Measure(ITrainer trainer, NetworkShape shape, int batch, TimeProvider time, TimeSpan budget)
    {
        using var enough = new CancellationTokenSource();
        var pace = new Pace(time, budget, enough);
        TrainedNetwork? network = null;
        try
        {
            // Every one of so few steps has its point on the curve.
            network = trainer.Train([Job(shape, batch, LossWindow.MaxPoints)], pace, enough.Token)[0].Require();
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // That was the budget.
        }

        network ??= new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.Epsilon, SigmaData = 1, Weights = shape.DrawWeights(1) };
        using var denoiser = network.CreateDenoiser();
        const int Rows = 256;
        double[] x = new double[Rows * shape.Dimensions], x0 = new double[x.Length];
        NormalNoise.Fill(x, 1, NoisePurpose.InitialNoise, 0, 0, shape.Dimensions);
        double calls = Best(() => denoiser.Denoise(x, new NoiseLevel(0.6, 0.8), x0), time, budget / 4, 2);
        return new TrainingRate(pace.StepsPerSecond, calls * Rows);
    }

    /// <summary>The same on a vector path of choice.</summary>
    public static TrainingRate Measure(MlpShape shape, int batch, TimeProvider time, VectorPath path, TimeSpan budget)
    {
        int slices = Math.Max(4, (int)(budget / LongestSlice));
        var slice = budget / slices;
        using var run = new CpuTrainingRun(Job(shape, batch, int.MaxValue), path);
        double steps = Best(() => run.Step(CancellationToken.None), time, slice, slices);

        var network = new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.Epsilon, SigmaData = 1, Weights = run.Weights() };
        using var denoiser = new MlpDenoiser(network, path);
        double[] x = new double[SampleRows * shape.Dimensions], x0 = new double[x.Length];
        NormalNoise.Fill(x, 1, NoisePurpose.InitialNoise, 0, 0, shape.Dimensions);
        double calls = Best(() => denoiser.Denoise(x, new NoiseLevel(0.6, 0.8), x0), time, slice, slices);
        return new TrainingRate(steps, calls * SampleRows);
    }

    private static TrainingJob Job(NetworkShape shape, int batch, int steps)
    {
        float[] data = new float[4096 * shape.Dimensions];
        NormalNoise.Fill(data, 1, NoisePurpose.TrainingPoints, 0, 0, shape.Dimensions);
        return new TrainingJob
        {
            Shape = shape,
            Settings = new TrainingSettings(steps, batch, 1e-3),
            Design = new TrainingDesign { Schedule = new VpLinear() },
            Data = data,
            Seed = 1,
        };
    }

    /// <summary>Calls per second in the best slice, after one call that warms up.</summary>
    private static double Best(Action action, TimeProvider time, TimeSpan slice, int slices)
    {
        action();
        double best = 0;
        for (int i = 0; i < slices; i++)
        {
            long start = time.GetTimestamp();
            int calls = 0;
            TimeSpan elapsed;
            do
            {
                action();
                calls++;
                elapsed = time.GetElapsedTime(start);
            }
            while (elapsed < slice);
            best = Math.Max(best, calls / elapsed.TotalSeconds);
        }

        return best;
    }

    /// <summary>The shortest time between two points of the curve, until the budget is spent; the first step, which warms up, begins none.</summary>
    private sealed class Pace(TimeProvider time, TimeSpan budget, CancellationTokenSource enough) : ITrainingObserver
    {
        private long? _first, _last;
        private TimeSpan _best = TimeSpan.MaxValue;

        public double StepsPerSecond => 1 / _best.TotalSeconds;

        public void OnLoss(int job, LossPoint point)
        {
            long now = time.GetTimestamp();
            if (_last is { } last)
                _best = TimeSpan.FromTicks(Math.Max(1, Math.Min(_best.Ticks, time.GetElapsedTime(last, now).Ticks)));
            _last = now;
            _first ??= now;

            // At least one interval, however slow the steps are.
            if (_best < TimeSpan.MaxValue && time.GetElapsedTime(_first.Value, now) >= budget)
                enough.Cancel();
        }
    }
}

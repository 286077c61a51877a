using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training;

/// <summary>How fast this machine trains and samples a network on one otherwise idle core, measured.</summary>
/// <param name="StepsPerSecond">Training steps.</param>
/// <param name="DenoisedRowsPerSecond">Rows through the network in one denoiser call (what a sampler's step costs, but for the sampler's own arithmetic).</param>
public sealed record TrainingRate(double StepsPerSecond, double DenoisedRowsPerSecond)
{
    private const int SampleRows = 4096;

    /// <summary>Short, so that on a busy machine some slices are undisturbed.</summary>
    private static readonly TimeSpan LongestSlice = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Trains and samples a network of the shape on noise for a moment. The best of several slices counts, so that other work on the machine disturbs little. Takes a bit over <paramref name="budget"/> for
    /// each of the two, at least one step.
    /// </summary>
    /// <param name="shape">The network.</param>
    /// <param name="batch">Rows per training step.</param>
    /// <param name="time">The clock.</param>
    /// <param name="budget">How long to measure; 0.2 s when null.</param>
    public static TrainingRate Measure(MlpShape shape, int batch, TimeProvider time, TimeSpan? budget = null) =>
        Measure(shape, batch, time, VectorPaths.Best, budget ?? TimeSpan.FromSeconds(0.2));

    /// <summary>The same on a vector path of choice.</summary>
    public static TrainingRate Measure(MlpShape shape, int batch, TimeProvider time, VectorPath path, TimeSpan budget)
    {
        int slices = Math.Max(4, (int)(budget / LongestSlice));
        var slice = budget / slices;
        float[] data = new float[4096 * shape.Dimensions];
        NormalNoise.Fill(data, 1, NoisePurpose.TrainingPoints, 0, 0, shape.Dimensions);
        var job = new TrainingJob
        {
            Shape = shape,
            Settings = new TrainingSettings(int.MaxValue, batch, 1e-3),
            Design = new TrainingDesign { Schedule = new VpLinear() },
            Data = data,
            Seed = 1,
        };
        using var run = new CpuTrainingRun(job, path);
        double steps = Best(() => run.Step(CancellationToken.None), time, slice, slices);

        var network = new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.Epsilon, SigmaData = 1, Weights = run.Weights() };
        using var denoiser = new MlpDenoiser(network, path);
        double[] x = new double[SampleRows * shape.Dimensions], x0 = new double[x.Length];
        NormalNoise.Fill(x, 1, NoisePurpose.InitialNoise, 0, 0, shape.Dimensions);
        double calls = Best(() => denoiser.Denoise(x, new NoiseLevel(0.6, 0.8), x0), time, slice, slices);
        return new TrainingRate(steps, calls * SampleRows);
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
}

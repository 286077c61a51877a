using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// Trains a small network for a few steps on a device and on the CPU, on the same streams: a driver that miscompiles, or a device that computes wrong, is found before it spoils a sweep.
/// </summary>
public static class DeviceCheck
{
    /// <summary>Twenty steps of single precision in another order of sums: rounding has grown to some 1e-6 of the loss; a wrong sum changes it by percents.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>The least width of each kind of kernel: all in shared memory, moments in global memory, weights in global memory.</summary>
    private static readonly int[] Widths = [12, 20, 100];

    /// <summary>What is wrong with the device, or null.</summary>
    public static string? Problem(ITrainer device, CancellationToken cancellation)
    {
        string?[] problems = new string?[Widths.Length];

        // Side by side: the driver compiles each width's kernels at their first use.
        Parallel.For(0, Widths.Length, i => problems[i] = Problem(device, Widths[i], cancellation));
        return Array.Find(problems, p => p is not null);
    }

    private static string? Problem(ITrainer device, int width, CancellationToken cancellation)
    {
        TrainingJob[] jobs = [Job(width, 1), Job(width, 2)];
        try
        {
            var expected = new CpuTrainer().Train(jobs, new Unobserved(), cancellation);
            var actual = device.Train(jobs, new Unobserved(), cancellation);
            for (int i = 0; i < jobs.Length; i++)
            {
                double cpus = expected[i].Require().Losses[^1].Loss, devices = actual[i].Require().Losses[^1].Loss;
                if (!(Math.Abs(cpus - devices) <= Tolerance * cpus))
                    return $"a network of width {width} has loss {devices} after {jobs[i].Settings.Steps} steps; allowed: {cpus}, the CPU's, to {Tolerance:P1}";
            }
        }
        catch (Exception e) when (e is CudaException or DeviceMemoryException or DivergedException)
        {
            return e.Message;
        }

        return null;
    }

    private static TrainingJob Job(int width, ulong seed)
    {
        float[] data = new float[200];
        NormalNoise.Fill(data, seed, NoisePurpose.TrainingPoints, 0, 0, 2);
        return new TrainingJob
        {
            Shape = new MlpShape(2, MlpShape.DefaultTimeFeatures, width, 2, Activation.Silu),
            Settings = new TrainingSettings(20, 100, 1e-2, 5),
            Design = new TrainingDesign { Schedule = new VpCosine() },
            Data = data,
            Seed = seed,
        };
    }

    private sealed class Unobserved : ITrainingObserver
    {
        public void OnLoss(int job, LossPoint point)
        {
        }
    }
}

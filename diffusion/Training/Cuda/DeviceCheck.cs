using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// Trains a small network for a few steps on a device and on the CPU, on the same streams: a driver that miscompiles, or a device that computes wrong, is found
/// before it spoils a sweep.
/// </summary>
public static class DeviceCheck
{
    /// <summary>
    /// Twenty steps of single precision in another order of sums: rounding has grown to some 1e-6 of the loss; a wrong sum changes it by percents.
    /// </summary>
    private const double Tolerance = 1e-3;

    /// <summary>The same in tf32, whose products are off by some 3e-4 to either side.</summary>
    private const double Tf32Tolerance = 3e-3;

    /// <summary>The least width of each kind of kernel: all in shared memory, moments in global memory, weights in global memory.</summary>
    private static readonly int[] Widths = [12, 20, 100];

    /// <summary>Points that are evaluated.</summary>
    private const int Rows = 100;

    /// <summary>What is wrong with the device, or null.</summary>
    /// <param name="device">Its trainer.</param>
    /// <param name="evaluator">What it does beside training; null: nothing.</param>
    /// <param name="cancellation">Ends the check.</param>
    /// <param name="precision">What it multiplies in while training.</param>
    public static string? Problem(ITrainer device, IDeviceEvaluator? evaluator, CancellationToken cancellation,
        TrainingPrecision precision = TrainingPrecision.Fp32)
    {
        string?[] problems = new string?[Widths.Length];

        // Side by side: the driver compiles each width's kernels at their first use.
        Parallel.For(0, Widths.Length,
            i => problems[i] = Problem(device, evaluator, Widths[i], precision == TrainingPrecision.Tf32 ? Tf32Tolerance : Tolerance, cancellation));
        return Array.Find(problems, p => p is not null);
    }

    private static string? Problem(ITrainer device, IDeviceEvaluator? evaluator, int width, double tolerance, CancellationToken cancellation)
    {
        TrainingJob[] jobs = [Job(width, 1), Job(width, 2)];
        try
        {
            var expected = new CpuTrainer().Train(jobs, new Unobserved(), cancellation);
            var actual = device.Train(jobs, new Unobserved(), cancellation);
            for (int i = 0; i < jobs.Length; i++)
            {
                double cpus = expected[i].Require().Losses[^1].Loss, devices = actual[i].Require().Losses[^1].Loss;
                if (!(Math.Abs(cpus - devices) <= tolerance * cpus))
                    return $"a network of width {width} has loss {devices} after {jobs[i].Settings.Steps} steps; allowed: {cpus}, the CPU's, to {tolerance:P1}";
            }

            return evaluator is null ? null : Evaluation(evaluator, actual[0].Require());
        }
        catch (Exception e) when (e is CudaException or DeviceMemoryException or DivergedException)
        {
            return e.Message;
        }
    }

    /// <summary>The trained network, a few reverse steps, a density and distances on the same points as the processor.</summary>
    private static string? Evaluation(IDeviceEvaluator device, TrainedNetwork network)
    {
        double[] x = new double[2 * Rows], expected = new double[x.Length], actual = new double[x.Length];
        NormalNoise.Fill(x, 1, NoisePurpose.InitialNoise, 0, 0, 2);
        var level = new NoiseLevel(0.8, 0.6);
        using (var cpu = network.CreateDenoiser())
            cpu.Denoise(x, level, expected);
        using (var denoiser = device.CreateDenoiser(network))
            denoiser.Denoise(x, level, actual);
        for (int i = 0; i < x.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= Tolerance * (1 + Math.Abs(expected[i]))))
                return $"a network of width {network.Shape.Width} gives {actual[i]}; allowed: {expected[i]}, the CPU's, to {Tolerance:P1}";
        }

        if (Reversal(device, network, x) is { } wrong)
            return wrong;
        var mixture = Datasets.GaussianMixture.Isotropic([1, 2], [0, 0, 1, -1], [0.5, 1]);
        double[] nats = new double[Rows];
        float[] narrow = new float[Rows];
        mixture.LogDensity(x, nats);
        using (var density = device.CreateDensity(mixture))
        {
            if (density is not null && !density.TryLogDensity(Array.ConvertAll(x, v => (float)v), narrow))
                return "a log-density is not finite; allowed: what the CPU gives";
            for (int i = 0; i < Rows && density is not null; i++)
            {
                if (!(Math.Abs(nats[i] - narrow[i]) <= Tolerance * (1 + Math.Abs(nats[i]))))
                    return $"a log-density is {narrow[i]}; allowed: {nats[i]}, the CPU's, to {Tolerance:P1}";
            }
        }

        double sum = Metrics.EnergyDistance.ScalarSum(x, x, 2);
        return device.DistanceSum(x, x, 2) is { } other && !(Math.Abs(sum - other) <= Tolerance * sum)
            ? $"distances add up to {other}; allowed: {sum}, the CPU's, to {Tolerance:P1}"
            : null;
    }

    /// <summary>A few steps that add noise, with and without the points' leaving the device.</summary>
    private static string? Reversal(IDeviceEvaluator device, TrainedNetwork network, double[] initial)
    {
        const int Steps = 5;
        const ulong Seed = 3;
        double[] actual = new double[initial.Length], expected;
        IReadOnlyList<NoiseLevel> grid = new VpCosine().NativeGrid(Steps);
        using (var cpu = network.CreateDenoiser())
            expected = new Ddpm().Sample(cpu, grid, initial, new PhiloxNoise(Seed)).Last().X;
        using (var denoiser = device.CreateDenoiser(network))
        {
            IFittedPreprocessing none = new None().Fit(new Datasets.PointSet(initial, 2), 1, CancellationToken.None);
            using IDeviceReverse? reverse =
                denoiser.Reverse(new DeviceReversal { Sampler = new Ddpm(), Grid = grid, Initial = initial, Seed = Seed, Fitted = none });
            if (reverse is null)
                return null;
            foreach (DeviceState state in reverse.Run(CancellationToken.None))
            {
                if (state.Step == Steps)
                    state.CopyPoints(actual);
            }
        }

        for (int i = 0; i < actual.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= Tolerance * (1 + Math.Abs(expected[i]))))
                return $"{Steps} reverse steps of a network of width {network.Shape.Width} end at {actual[i]}; allowed: {expected[i]}, the CPU's, to "
                    + $"{Tolerance:P1}";
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

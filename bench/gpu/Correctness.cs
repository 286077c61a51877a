using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Bench.Gpu;

/// <summary>
/// Every kernel's losses against the CPU trainer's on the same streams, resuming bit for bit, and independence of what else is in the launch.
/// </summary>
internal static class Correctness
{
    /// <summary>
    /// Over fifty steps sums in another order differ by 1e-6 to 1e-5 of the loss (the host's build of the same kernels stays below 1e-4 of a reference in
    /// double); a wrong sum by percents.
    /// </summary>
    private const double Tolerance = 1e-4;

    /// <summary>The same in tf32: the host's emulation stays below 1e-4, and the hardware's sums may be rounded otherwise.</summary>
    private const double Tf32Tolerance = 1e-3;

    private const int Samples = 4096, Steps = 100;

    /// <summary>A hundred x0-hats, each off by single precision's rounding, meet in a sample.</summary>
    private const double ReversalTolerance = 1e-3;

    /// <summary>Beside those that are measured: odd ones, and what goes through the caches.</summary>
    public static readonly int[] OtherWidths = [5, 17, 100, 256, 300];

    public static (JsonArray Rows, bool Sound) Run(CudaBackend backend, int[] widths)
    {
        var rows = new JsonArray();
        bool sound = true;
        float[] data = Trials.Ring(1);
        foreach (int width in widths)
        {
            foreach (var activation in width is 16 or 100 ? Enum.GetValues<Activation>() : [Activation.Silu])
            {
                var job = Trials.Job(width, 50, 3, data);
                job = job with { Shape = new MlpShape(Trials.Dimensions, Trials.Features, width, Trials.Layers, activation) };
                var expected = new CpuTrainer().Train([job], new Unobserved(), CancellationToken.None)[0].Require();
                foreach (var variant in Variants(backend, job))
                {
                    var actual = Train(backend, variant, [job])[0];
                    double difference = expected.Losses.Zip(actual.Losses, (a, b) => Math.Abs(a.Loss - b.Loss) / a.Loss).Max();
                    bool alone = Train(backend, variant, [Trials.Job(width, 50, 4, data) with { Shape = job.Shape }, job,
                        job with { Seed = 9 }])[1].Weights.AsSpan().SequenceEqual(actual.Weights);
                    bool resumed = Resumed(backend, variant, job).AsSpan().SequenceEqual(actual.Weights);
                    bool good = difference <= (variant.Precision == TrainingPrecision.Tf32 ? Tf32Tolerance : Tolerance) && alone && resumed;
                    sound &= good;
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(good ? "ok   " : "WRONG")} {variant.Name}, width {width}, {activation}: losses of 50 steps within {difference:E1} of the CPU's; "
                            + $"the same among others: {alone}; resumed bit for bit: {resumed}"));
                    rows.Add((JsonNode)new JsonObject
                    {
                        ["kernel"] = variant.Name, ["width"] = width, ["activation"] = activation.ToString(), ["loss_difference"] = difference,
                        ["same_among_others"] = alone, ["resumed"] = resumed,
                    });
                }
            }
        }

        return (rows, sound & SideBySide(backend, data));
    }

    /// <summary>
    /// Two shapes that share a kernel and need unlike amounts of shared memory, launched by several threads at a time: each does what it does alone.
    /// </summary>
    private static bool SideBySide(CudaBackend backend, float[] data)
    {
        var deep = Trials.Job(16, 50, 3, data);
        var shallow = deep with { Shape = new MlpShape(Trials.Dimensions, Trials.Features, 16, 1, Activation.Silu) };
        TrainingJob[] jobs = [deep, shallow];
        var variant = Variants(backend, deep).First();
        float[][] alone = [.. jobs.Select(j => Train(backend, variant, [j])[0].Weights)];
        string trouble = string.Empty;
        int wrong = 0;
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            try
            {
                for (int round = 0; round < 20; round++)
                {
                    if (!Train(backend, variant, [jobs[i % 2]])[0].Weights.AsSpan().SequenceEqual(alone[i % 2]))
                        Interlocked.Increment(ref wrong);
                }
            }
            catch (CudaException e)
            {
                Interlocked.Increment(ref wrong);
                trouble = $" ({e.Message})";
            }
        })).ToArray();
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Console.WriteLine($"{(wrong == 0 ? "ok   " : "WRONG")} two shapes of one kernel from eight threads: {wrong} unlike what they are alone{trouble}");
        return wrong == 0;
    }

    /// <summary>
    /// The sampling and measuring kernels against the processor, and what evaluations cost: as many threads as the machine has, 4,096 points each.
    /// </summary>
    public static (JsonArray Rows, bool Sound) Sampling(CudaBackend backend, int[] widths, double seconds)
    {
        var rows = new JsonArray();
        bool sound = true;
        var mixture = GaussianMixture.Isotropic([1, 2], [0, 0, 1, -1], [0.5, 1]);
        foreach (int width in widths.Distinct())
        {
            var network = new CpuTrainer().Train([Trials.Job(width, 100, 3, Trials.Ring(1))], new Unobserved(), CancellationToken.None)[0].Require();
            double[] x = [.. Trials.Ring(2).Take(2 * Samples).Select(v => (double)v)], expected = new double[x.Length], actual = new double[x.Length];
            var level = new NoiseLevel(0.8, 0.6);
            using (var cpu = network.CreateDenoiser())
                cpu.Denoise(x, level, expected);
            using (var denoiser = new PackedDenoiser(backend, backend.Allocate, network))
                denoiser.Denoise(x, level, actual);
            double difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
            bool good = difference <= Tolerance;
            sound &= good;
            double rate = seconds > 0 && !OtherWidths.Contains(width) ? EvaluationRate(backend, network, x, level, seconds) : 0;
            (double samples, double perSecond) = Reversal(backend, network, x, mixture, OtherWidths.Contains(width) ? 0 : seconds);
            good &= samples <= ReversalTolerance;
            sound &= good;
            string rates = rate > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"; from {Environment.ProcessorCount} threads {rate:F0} evaluations of {Samples} points per second by themselves, "
                    + $"{perSecond:F0} in whole reversals with two log-densities each")
                : string.Empty;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(good ? "ok   " : "WRONG")} forward, width {width}: within {difference:E1} of the CPU's; {Steps} reverse steps within {samples:E1}{rates}"));
            rows.Add((JsonNode)new JsonObject { ["width"] = width, ["difference"] = difference, ["reversal_difference"] = samples,
                ["evaluations_per_second"] = rate, ["reversal_evaluations_per_second"] = perSecond, ["points"] = Samples,
                ["threads"] = Environment.ProcessorCount });
        }

        return (rows, sound & Measures(backend));
    }

    private static bool Measures(CudaBackend backend)
    {
        double[] x = [.. Trials.Ring(2).Take(2 * Samples).Select(v => (double)v)], nats = new double[Samples];
        float[] narrow = new float[Samples];
        var mixture = GaussianMixture.Isotropic([1, 2], [0, 0, 1, -1], [0.5, 1]);
        mixture.LogDensity(x, nats);
        using var density = PackedDensity.Create(backend, backend.Allocate, mixture)!;
        bool finite = density.TryLogDensity(Array.ConvertAll(x, v => (float)v), narrow);
        double apart = nats.Zip(narrow, (a, b) => Math.Abs(a - b) / (1 + Math.Abs(a))).Max(), sum = EnergyDistance.WithinMean(x, 2) * Samples * (Samples - 1.0);
        double distances = Math.Abs(PackedPairs.Sum(backend, backend.Allocate, x, x, 2)!.Value - sum) / sum;
        bool good = finite && apart <= Tolerance && distances <= Tolerance;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(good ? "ok   " : "WRONG")} log-densities within {apart:E1}, sums of distances within {distances:E1} of the CPU's"));
        return good;
    }

    /// <summary>
    /// A hundred steps of ddpm with all points on the device: how far from the processor's samples, and evaluations per second over all threads.
    /// </summary>
    private static (double Difference, double PerSecond) Reversal(CudaBackend backend, TrainedNetwork network, double[] initial, GaussianMixture mixture,
        double seconds)
    {
        IReadOnlyList<NoiseLevel> grid = new VpCosine().NativeGrid(Steps);
        var reversal = new DeviceReversal { Sampler = new Ddpm(), Grid = grid, Initial = initial, Seed = 5,
            Fitted = new None().Fit(new PointSet(initial, 2), 1, CancellationToken.None) };
        double[] actual = new double[initial.Length], expected;
        using (var cpu = network.CreateDenoiser())
            expected = new Ddpm().Sample(cpu, grid, initial, new PhiloxNoise(5)).Last().X;
        Run(actual);
        double difference = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        if (seconds <= 0)
            return (difference, 0);
        long done = 0, start = Stopwatch.GetTimestamp();
        Parallel.For(0, Environment.ProcessorCount, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, _ =>
        {
            double[] points = new double[initial.Length];
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                Run(points);
                Interlocked.Add(ref done, Steps);
            }
        });
        return (difference, done / Stopwatch.GetElapsedTime(start).TotalSeconds);

        void Run(double[] last)
        {
            using var denoiser = new PackedDenoiser(backend, backend.Allocate, network);
            using var density = PackedDensity.Create(backend, backend.Allocate, mixture);
            using IDeviceReverse reverse = denoiser.Reverse(reversal with { Density = density })!;
            foreach (DeviceState state in reverse.Run(CancellationToken.None))
            {
                if (state.Step == Steps)
                    state.CopyPoints(last);
            }
        }
    }

    private static double EvaluationRate(CudaBackend backend, TrainedNetwork network, double[] x, NoiseLevel level, double seconds)
    {
        long done = 0, start = Stopwatch.GetTimestamp();
        Parallel.For(0, Environment.ProcessorCount, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, _ =>
        {
            using var denoiser = new PackedDenoiser(backend, backend.Allocate, network);
            double[] x0 = new double[x.Length];
            for (int calls = 0; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; calls++)
            {
                denoiser.Denoise(x, level, x0);
                Interlocked.Increment(ref done);
            }
        });
        return done / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Two steps of two trials on every kernel, and one evaluation.</summary>
    public static void Touch(CudaBackend backend, int[] widths)
    {
        float[] data = Trials.Ring(1);
        Sampling(backend, widths, seconds: 0);
        foreach (int width in widths)
        {
            var job = Trials.Job(width, 2, 3, data);
            foreach (var variant in Variants(backend, job))
                Train(backend, variant, [job, job with { Seed = 4 }]);
        }
    }

    private static IEnumerable<KernelVariant> Variants(CudaBackend backend, TrainingJob job) =>
        Enum.GetValues<TrainingPrecision>().SelectMany(p => KernelVariant.For(job.Mlp, backend.SharedBytes, p)).Distinct();

    private static TrainedNetwork[] Train(CudaBackend backend, KernelVariant variant, TrainingJob[] jobs) =>
        [.. new CudaTrainer(backend, new PackedOptions { Choose = _ => variant }, TimeProvider.System).Train(jobs, new Unobserved(), CancellationToken.None)
            .Select(o => o.Require())];

    private static float[] Resumed(CudaBackend backend, KernelVariant variant, TrainingJob job)
    {
        using var stop = new CancellationTokenSource();
        var observer = new StopAt(stop);
        try
        {
            new CudaTrainer(backend, new PackedOptions { Choose = _ => variant, MaxSteps = 16 }, TimeProvider.System).Train([job], observer, stop.Token);
        }
        catch (OperationCanceledException)
        {
            return Train(backend, variant, [job with { Checkpoint = observer.Checkpoint }])[0].Weights;
        }

        return [];
    }

    private sealed class StopAt(CancellationTokenSource stop) : ITrainingObserver
    {
        public byte[]? Checkpoint { get; private set; }

        public void OnLoss(int job, LossPoint point) => stop.Cancel();

        public bool WantsCheckpoint(int job, int step) => stop.IsCancellationRequested;

        public void OnCheckpoint(int job, int step, byte[] checkpoint) => Checkpoint = checkpoint;
    }
}

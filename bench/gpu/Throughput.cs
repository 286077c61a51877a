using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Bench.Gpu;

/// <summary>
/// Trial-steps per second over all trials of a pack, as the trainer does them (launch after launch, states and losses read between), and the share of the floor
/// that is.
/// </summary>
internal static class Throughput
{
    /// <summary>Single-precision multiply-adds of a multiprocessor per clock, sm_80 and up except where noted: 128 on sm_86 to sm_90, 64 on sm_80.</summary>
    private static int Lanes(Version capability) => capability == new Version(8, 0) ? 64 : 128;

    /// <summary>
    /// Multiply-adds in tf32 of a multiprocessor's tensor cores per clock, dense, by the makers' data sheets: sm_80, sm_86 to sm_89 and sm_120, sm_90, sm_100.
    /// </summary>
    private static int MatrixUnits(Version capability) => capability.Major switch { 8 => capability.Minor == 0 ? 512 : 128, 9 => 1024, 10 => 2048, _ => 128 };

    public static IEnumerable<JsonObject> Run(CudaBackend backend, CudaDevice device, int width, int trials, TrainingPrecision precision,
        double seconds, bool tune)
    {
        var shape = Trials.Job(width, 1, 1, [1, 1]).Mlp;
        KernelVariant[] fitting = [.. KernelVariant.For(shape, backend.SharedBytes, precision).Where(v => v.Precision == precision)];
        foreach (var variant in tune ? fitting : fitting.Take(1))
        {
            var (rate, kernel, steps) = Measure(backend, variant, width, trials, seconds);
            var plan = KernelPlan.For(shape, variant);
            (double hidden, double output) = Trials.MultiplyAdds(width);
            double clocks = device.Multiprocessors * device.ClockHertz, lanes = clocks * Lanes(device.Capability),
                units = clocks * MatrixUnits(device.Capability);
            double arithmetic = precision == TrainingPrecision.Tf32 ? Math.Min(units / hidden, lanes / output) : lanes / (hidden + output);
            double bytes = BytesPerStep(variant, plan), memory = bytes > 0 ? device.BytesPerSecond / bytes : double.PositiveInfinity,
                floor = Math.Min(arithmetic, memory);
            string unit = precision == TrainingPrecision.Tf32 ? "tf32 tensor cores" : "fp32 lanes", limit = memory < arithmetic ? "memory" : unit,
                name = precision == TrainingPrecision.Tf32 ? "tf32" : "fp32";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"width {width}, {trials} trials, {variant.Name} ({name}): {rate / 1e6:F3} million trial-steps per second ({steps} steps per launch, kernel "
                    + $"alone {kernel / 1e6:F3}); at most {arithmetic / 1e6:F2} million by the "
                    + $"{unit}{(bytes > 0 ? $", {memory / 1e6:F2} million if its {bytes / 1024:F0} KiB per step went to memory" : string.Empty)}; share "
                    + $"{rate / floor:P0} of what the {limit} allow"));
            yield return new JsonObject
            {
                ["peer"] = "sweep", ["width"] = width, ["trials"] = trials, ["precision"] = name, ["kernel"] = variant.Name,
                ["trial_steps_per_second"] = rate, ["kernel_trial_steps_per_second"] = kernel, ["steps_per_launch"] = steps,
                ["arithmetic_floor_trial_steps_per_second"] = arithmetic, ["bytes_per_trial_step"] = bytes, ["floor_trial_steps_per_second"] = floor,
                ["limit"] = limit, ["share"] = rate / floor,
            };
        }
    }

    /// <summary>
    /// What the optimiser must read and write in global memory with a step: moments (16 bytes a parameter), and weights, and gradients. It goes to the
    /// second-level cache as long as the trials that run at a time fit there (50 MB on an H200), so memory's floor is one for the worst case.
    /// </summary>
    private static double BytesPerStep(KernelVariant variant, KernelPlan plan) => plan.Parameters * (variant.Placement switch
    {
        Placement.AllShared => 0.0,
        Placement.MomentsGlobal => 16,
        _ => 16 + 8 + (8 * variant.Slices),
    });

    private static (double Rate, double Kernel, int Steps) Measure(CudaBackend backend, KernelVariant variant, int width, int trials, double seconds)
    {
        // 32 datasets of their own; jobs that end too late to matter.
        float[][] data = [.. Enumerable.Range(0, 32).Select(i => Trials.Ring((ulong)i))];
        using var run = new PackedRun(backend, Trials.Job(width, 1, 1, data[0]).Mlp, new PackedOptions { Choose = _ => variant }, TimeProvider.System);
        var jobs = new PackedJob[trials];
        Parallel.For(0, trials,
            i => jobs[i] = PackedRun.Prepare(Trials.Job(width, 200_000, (ulong)i, data[i % data.Length]), new Unobserved(), i, CancellationToken.None));
        foreach (var job in jobs)
            run.Add(job);

        // Until the launches have found their length.
        long warm = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warm).TotalSeconds < Math.Max(1, seconds / 2))
            run.Advance();
        long before = jobs.Sum(j => (long)j.Trial.Step), start = Stopwatch.GetTimestamp();
        TimeSpan kernel = TimeSpan.Zero;
        int launches = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && run.Advance())
        {
            kernel += CudaBackend.LastKernel;
            launches++;
        }

        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long done = jobs.Sum(j => (long)j.Trial.Step) - before;
        return (done / elapsed, done / kernel.TotalSeconds, (int)(done / trials / Math.Max(1, launches)));
    }
}

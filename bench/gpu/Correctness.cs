using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Bench.Gpu;

/// <summary>Every kernel's losses against the CPU trainer's on the same streams, resuming bit for bit, and independence of what else is in the launch.</summary>
internal static class Correctness
{
    /// <summary>Over fifty steps sums in another order differ by 1e-6 to 1e-5 of the loss (the host's build of the same kernels stays below 1e-4 of a reference in double); a wrong sum by percents.</summary>
    private const double Tolerance = 1e-4;

    public static (JsonArray Rows, bool Sound) Run(CudaBackend backend, int[] widths)
    {
        var rows = new JsonArray();
        bool sound = true;
        float[] data = Trials.Ring(1);
        foreach (int width in widths.Concat([5, 17, 100, 256, 300]).Distinct())
        {
            foreach (var activation in width is 16 or 100 ? Enum.GetValues<Activation>() : [Activation.Silu])
            {
                var job = Trials.Job(width, 50, 3, data);
                job = job with { Shape = new MlpShape(Trials.Dimensions, Trials.Features, width, Trials.Layers, activation) };
                var expected = new CpuTrainer().Train([job], new Unobserved(), CancellationToken.None)[0].Require();
                foreach (var variant in KernelVariant.For(job.Mlp, backend.SharedBytes))
                {
                    var actual = Train(backend, variant, [job])[0];
                    double difference = expected.Losses.Zip(actual.Losses, (a, b) => Math.Abs(a.Loss - b.Loss) / a.Loss).Max();
                    bool alone = Train(backend, variant, [Trials.Job(width, 50, 4, data) with { Shape = job.Shape }, job, job with { Seed = 9 }])[1].Weights.AsSpan().SequenceEqual(actual.Weights);
                    bool resumed = Resumed(backend, variant, job).AsSpan().SequenceEqual(actual.Weights);
                    bool good = difference <= Tolerance && alone && resumed;
                    sound &= good;
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(good ? "ok   " : "WRONG")} {variant.Name}, width {width}, {activation}: losses of 50 steps within {difference:E1} of the CPU's; the same among others: {alone}; resumed bit for bit: {resumed}"));
                    rows.Add((JsonNode)new JsonObject
                    {
                        ["kernel"] = variant.Name, ["width"] = width, ["activation"] = activation.ToString(), ["loss_difference"] = difference, ["same_among_others"] = alone, ["resumed"] = resumed,
                    });
                }
            }
        }

        return (rows, sound);
    }

    /// <summary>Two steps of two trials on every kernel.</summary>
    public static void Touch(CudaBackend backend, int[] widths)
    {
        float[] data = Trials.Ring(1);
        foreach (int width in widths)
        {
            var job = Trials.Job(width, 2, 3, data);
            foreach (var variant in KernelVariant.For(job.Mlp, backend.SharedBytes))
                Train(backend, variant, [job, job with { Seed = 4 }]);
        }
    }

    private static TrainedNetwork[] Train(CudaBackend backend, KernelVariant variant, TrainingJob[] jobs) =>
        [.. new CudaTrainer(backend, new PackedOptions { Choose = _ => variant }, TimeProvider.System).Train(jobs, new Unobserved(), CancellationToken.None).Select(o => o.Require())];

    private static float[] Resumed(CudaBackend backend, KernelVariant variant, TrainingJob job)
    {
        using var stop = new CancellationTokenSource();
        var observer = new StopAt(stop);
        try
        {
            new CudaTrainer(backend, new PackedOptions { Choose = _ => variant, MostSteps = 16 }, TimeProvider.System).Train([job], observer, stop.Token);
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

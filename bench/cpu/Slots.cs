using System.Diagnostics;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;

namespace Sweep.Bench.Cpu;

/// <summary>What a second slot on a second core brings to training alone, and how long a cancelled training goes on.</summary>
internal static class Slots
{
    private const int Rounds = 40, Tries = 20;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(25), BeforeCancelling = TimeSpan.FromMilliseconds(30);

    /// <summary>
    /// Steps per second of two networks on two threads over those of one on one. By the wall clock (the best of short rounds, but both cores must be free at
    /// once) and by processor time (what sharing caches, memory and the clock costs, whatever else the machine does).
    /// </summary>
    public static JsonArray TwoSlots(int[] widths)
    {
        var rows = new JsonArray();
        foreach (int width in widths)
        {
            using CpuTrainingRun first = Start(width, 256, 1), second = Start(width, 256, 2);
            int steps = Calibrate(first);
            (double wallOne, double wallTwo, double cpuOne, double cpuTwo) = (double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue);
            for (int round = 0; round < Rounds; round++)
            {
                (double wall, double cpu) = Measure([first], steps);
                (wallOne, cpuOne) = (Math.Min(wallOne, wall), Math.Min(cpuOne, cpu));
                (wall, cpu) = Measure([first, second], steps);
                (wallTwo, cpuTwo) = (Math.Min(wallTwo, wall), Math.Min(cpuTwo, cpu));
            }

            Console.WriteLine(
                $"two trials on two cores over one on one, width {width}: {2 * wallOne / wallTwo:F2}x by the wall clock, {2 * cpuOne / cpuTwo:F2}x by "
                + $"processor time");
            rows.Add(new JsonObject { ["width"] = width, ["speed_by_wall_clock"] = 2 * wallOne / wallTwo, ["speed_by_processor_time"] = 2 * cpuOne / cpuTwo });
        }

        return rows;
    }

    /// <summary>From the request to the trainer's return, in milliseconds by the wall clock: on a busy machine that counts waiting for a core, too.</summary>
    public static JsonArray Cancelling()
    {
        var rows = new JsonArray();
        foreach ((int width, int batch) in new[] { (16, 256), (256, 256), (1024, 256), (256, 1 << 16) })
        {
            var delays = new List<double>();
            for (int i = 0; i < Tries; i++)
            {
                using var source = new CancellationTokenSource();
                using var running = new ManualResetEventSlim();
                TimeSpan ended = default;
                var thread = new Thread(() =>
                {
                    running.Set();
                    try
                    {
                        new CpuTrainer().Train([Job(width, batch, 1)], new Unobserved(), source.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        ended = Stopwatch.GetElapsedTime(0);
                    }
                });
                thread.Start();
                running.Wait();
                thread.Join(BeforeCancelling);
                TimeSpan asked = Stopwatch.GetElapsedTime(0);
                source.Cancel();
                thread.Join();
                delays.Add((ended - asked).TotalMilliseconds);
            }

            delays.Sort();

            Console.WriteLine(
                $"a cancelled training ends after {delays[Tries / 2]:F2} ms (median), {delays[^1]:F2} ms at most: width {width}, batch {batch}, {Tries} tries");
            rows.Add(new JsonObject { ["width"] = width, ["batch"] = batch, ["median_milliseconds"] = delays[Tries / 2],
                ["longest_milliseconds"] = delays[^1] });
        }

        return rows;
    }

    private static TrainingJob Job(int width, int batch, ulong seed)
    {
        float[] data = new float[4096 * 2];
        NormalNoise.Fill(data, 1, NoisePurpose.TrainingPoints, 0, 0, 2);
        return new TrainingJob
        {
            Shape = new MlpShape(2, 32, width, 3, Activation.Silu),
            Settings = new TrainingSettings(int.MaxValue, batch, 1e-3),
            Design = new TrainingDesign { Schedule = new VpLinear() },
            Data = data,
            Seed = seed,
        };
    }

    private static CpuTrainingRun Start(int width, int batch, ulong seed)
    {
        var run = new CpuTrainingRun(Job(width, batch, seed), VectorPaths.Best);
        for (int i = 0; i < 20; i++)
            run.Step(CancellationToken.None);
        return run;
    }

    private static int Calibrate(CpuTrainingRun run)
    {
        long start = Stopwatch.GetTimestamp();
        int steps = 0;
        while (Stopwatch.GetElapsedTime(start) < Round)
        {
            run.Step(CancellationToken.None);
            steps++;
        }

        return steps;
    }

    /// <summary>Seconds from the first thread's start to the last one's end, and the greatest processor time of a thread.</summary>
    private static (double Wall, double Processor) Measure(CpuTrainingRun[] runs, int steps)
    {
        using var barrier = new Barrier(runs.Length);
        double[] processor = new double[runs.Length];
        long[] starts = new long[runs.Length], ends = new long[runs.Length];
        Thread[] threads = [.. runs.Select((run, i) => new Thread(() =>
        {
            var clock = new ThreadClock();
            barrier.SignalAndWait();
            starts[i] = Stopwatch.GetTimestamp();
            long start = clock.GetTimestamp();
            for (int step = 0; step < steps; step++)
                run.Step(CancellationToken.None);
            processor[i] = clock.GetElapsedTime(start).TotalSeconds;
            ends[i] = Stopwatch.GetTimestamp();
        }))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return (Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds, processor.Max());
    }
}

using System.Text.Json.Nodes;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Training;

namespace Sweep.Bench.Cpu;

/// <summary>The trainer through TorchSharp beside the fused one, on one thread and in turns; and the networks that only it has.</summary>
internal static class Torch
{
    private const int Rounds = 3, Batch = 256;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(0.7);

    /// <summary>Null, with a line saying why, when there is no TorchSharp here.</summary>
    public static JsonObject? Run(IReadOnlyList<int> dimensions, IReadOnlyList<int> widths, ThreadClock clock)
    {
        if (TorchRuntime.Missing is { } missing)
        {
            Console.WriteLine($"no TorchSharp column: {missing}");
            return null;
        }

        ITorchEngine engine = TorchRuntime.Engine;
        ITrainer trainer = engine.CreateTrainer("torch:cpu");
        Console.WriteLine($"TorchSharp {TorchRuntime.Version}, {engine.Library}, one thread");
        if (engine.Warning is { } warning)
            Console.WriteLine($"WARNING: {warning}");
        Console.WriteLine("  d width |  fused steps/s   TorchSharp    ratio");
        var rows = new JsonArray();
        foreach (int d in dimensions)
        {
            foreach (int width in widths)
            {
                var shape = new MlpShape(d, 32, width, 3, Activation.Silu);
                (double ours, double torchs) = (0, 0);
                for (int round = 0; round < Rounds; round++)
                {
                    ours = Math.Max(ours, TrainingRate.Measure(shape, Batch, clock, VectorPaths.Best, Budget).StepsPerSecond);
                    torchs = Math.Max(torchs, TrainingRate.Measure(trainer, shape, Batch, clock, Budget).StepsPerSecond);
                }

                Console.WriteLine($"{d,3} {width,5} | {ours,14:F0} {torchs,12:F0} {ours / torchs,7:F1}x");
                rows.Add(new JsonObject { ["dimensions"] = d, ["width"] = width, ["steps_per_second"] = ours, ["torchsharp_steps_per_second"] = torchs });
            }
        }

        return new JsonObject
        {
            ["torchsharp"] = TorchRuntime.Version, ["libtorch"] = engine.Library, ["warning"] = engine.Warning, ["rows"] = rows,
            ["networks"] = Networks(trainer, clock),
        };
    }

    private static JsonArray Networks(ITrainer trainer, ThreadClock clock)
    {
        var rows = new JsonArray();
        foreach (NetworkShape shape in (NetworkShape[])[new ResidualShape(8, 32, 64, 3, Activation.Silu), new UNetShape(64, 32, 16, 1, Activation.Silu),
            new UNetShape(64, 32, 32, 2, Activation.Silu)])
        {
            (double steps, double sampled) = (0, 0);
            for (int round = 0; round < Rounds; round++)
            {
                var rate = TrainingRate.Measure(trainer, shape, Batch, clock, Budget);
                (steps, sampled) = (Math.Max(steps, rate.StepsPerSecond), Math.Max(sampled, rate.DenoisedRowsPerSecond));
            }

            string name = $"{shape.Kind}, d = {shape.Dimensions}, width {shape.Width}, hidden_layers {shape.HiddenLayers}";
            Console.WriteLine(
                $"{name}: {shape.ParameterCount} parameters, {steps:F1} steps/s ({6e-9 * Batch * shape.Multiplications * steps:F1} GFLOP/s), {sampled:F0} "
                + $"rows/s denoised");
            rows.Add(new JsonObject { ["network"] = name, ["parameters"] = shape.ParameterCount, ["steps_per_second"] = steps,
                ["denoised_rows_per_second"] = sampled });
        }

        return rows;
    }
}

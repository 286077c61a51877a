using System.Diagnostics;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Training;

namespace Sweep.Bench.Gpu;

/// <summary>One trial through the TorchSharp trainer on a device of libtorch's, a JSON object a line as the other peers print them.</summary>
internal static class TorchPeer
{
    private const int Few = 200;

    public static IEnumerable<JsonObject> Run(string device, IReadOnlyList<int> widths, double seconds)
    {
        string? missing = TorchRuntime.Missing ?? TorchRuntime.Engine.Problem;
        if (missing is null && !TorchRuntime.Engine.Devices.Contains(device))
            missing = $"{device}; allowed: {string.Join(", ", TorchRuntime.Engine.Devices)}";
        if (missing is not null)
        {
            yield return new JsonObject { ["peer"] = "torchsharp", ["missing"] = missing };
            yield break;
        }

        yield return new JsonObject { ["peer"] = "torchsharp",
            ["versions"] = new JsonObject { ["TorchSharp"] = TorchRuntime.Version, ["libtorch"] = TorchRuntime.Engine.Library } };
        ITrainer trainer = TorchRuntime.Engine.CreateTrainer(device);
        foreach (int width in widths)
        {
            float[] data = Trials.Ring(0);
            double Time(int steps)
            {
                long start = Stopwatch.GetTimestamp();
                trainer.Train([Trials.Job(width, steps, 0, data)], new Unobserved(), CancellationToken.None);
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            // What a training costs besides its steps is in both times.
            Time(Few);
            double few = Time(Few);
            int many = Few + (int)Math.Clamp(Few * seconds / few, Few, 1_000_000);
            yield return new JsonObject
            {
                ["peer"] = "torchsharp", ["width"] = width, ["trials"] = 1, ["precision"] = "fp32", ["device"] = device,
                ["trial_steps_per_second"] = (many - Few) / (Time(many) - few),
            };
        }
    }
}

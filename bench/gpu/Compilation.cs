using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Bench.Gpu;

/// <summary>What the driver's compiler made of each kernel: registers, spills to local memory, blocks per multiprocessor, and how long it took.</summary>
internal static class Compilation
{
    public static JsonArray Run(CudaBackend backend, int[] widths)
    {
        var rows = new JsonArray();
        foreach (int width in widths)
        {
            var shape = Trials.Job(width, 1, 1, [1, 1]).Mlp;
            long start = Stopwatch.GetTimestamp();
            foreach (var variant in Enum.GetValues<TrainingPrecision>().SelectMany(p => KernelVariant.For(shape, backend.SharedBytes, p)).Distinct())
            {
                var plan = KernelPlan.For(shape, variant);
                (int registers, int local, int blocks) = backend.Compiled(variant, plan);
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{variant.Name}: {registers} registers, {local} bytes of local memory, {plan.SharedBytes(variant)} bytes of shared memory, {blocks} blocks of {variant.Threads} threads per multiprocessor; {seconds:F1} s to compile so far"));
                rows.Add((JsonNode)new JsonObject
                {
                    ["kernel"] = variant.Name, ["registers"] = registers, ["local_bytes"] = local, ["shared_bytes"] = plan.SharedBytes(variant), ["blocks"] = blocks, ["seconds"] = seconds,
                });
            }
        }

        return rows;
    }
}

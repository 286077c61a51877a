using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Bench.Gpu;

/// <summary>
/// What the driver's compiler made of each kernel: registers, spills to local memory, blocks per multiprocessor, and how long all of it took.
/// </summary>
internal static class Compilation
{
    /// <summary>Writes every module of kernels as text into a folder; the exit code.</summary>
    public static int Write(string folder)
    {
        if (CudaDevices.Modules.Count == 0)
        {
            Console.Error.WriteLine("this build has no GPU kernels: there was no clang when it was built");
            return 1;
        }

        Directory.CreateDirectory(folder);
        foreach (string module in CudaDevices.Modules)
            File.WriteAllBytes(Path.Combine(folder, $"{module}.ptx"), CudaDevices.Kernels(module).AsSpan()[..^1]);
        return 0;
    }

    public static JsonArray Run(CudaBackend backend, int[] widths)
    {
        // One after another, a dozen modules would take minutes.
        long began = Stopwatch.GetTimestamp();
        string[] modules = [.. widths.SelectMany(w => Fitting(backend, w)).Select(v => v.Module).Append("measure").Distinct()];
        Parallel.ForEach(modules, backend.Compile);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{modules.Length} modules compiled in {seconds:F1} s"));

        var rows = new JsonArray();
        foreach (int width in widths)
        {
            var shape = Trials.Job(width, 1, 1, [1, 1]).Mlp;
            foreach (var variant in Fitting(backend, width))
            {
                var plan = KernelPlan.For(shape, variant);
                (int registers, int local, int blocks) = backend.Compiled(variant, plan);
                int shared = plan.SharedBytes(variant);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{variant.Name}: {registers} registers, {local} bytes of local memory, {shared} of shared, {blocks} blocks of {variant.Threads}"));
                rows.Add((JsonNode)new JsonObject
                {
                    ["kernel"] = variant.Name, ["registers"] = registers, ["local_bytes"] = local,
                    ["shared_bytes"] = shared, ["blocks"] = blocks,
                });
            }
        }

        return rows;
    }

    private static IEnumerable<KernelVariant> Fitting(CudaBackend backend, int width)
    {
        var shape = Trials.Job(width, 1, 1, [1, 1]).Mlp;
        return Enum.GetValues<TrainingPrecision>().SelectMany(p => KernelVariant.For(shape, backend.SharedBytes, p)).Distinct();
    }
}

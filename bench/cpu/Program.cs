using Sweep.Bench.Cpu;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Training;

var clock = new ThreadClock();
var path = args.Contains("256") ? VectorPath.Vector256 : VectorPaths.Best;
double peak = FmaPeak.Measure(path, clock);
Console.WriteLine($"peak {peak / 1e9:F1} GFLOP/s");
foreach (int d in new[] { 2, 8 })
{
    foreach (int w in new[] { 16, 32, 64, 128, 256 })
    {
        var shape = new MlpShape(d, 32, w, 3, Activation.Silu);
        var rate = TrainingRate.Measure(shape, 256, clock, path, TimeSpan.FromSeconds(0.6));
        peak = Math.Max(peak, FmaPeak.Measure(path, clock));
        Console.WriteLine($"d {d} w {w}: {rate.StepsPerSecond:F0} steps/s, {6.0 * 256 * shape.ParameterCount * rate.StepsPerSecond / peak:P1} of {peak / 1e9:F1}; {rate.DenoisedRowsPerSecond / 1e6:F2} M rows/s");
    }
}

using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;

namespace Sweep.Bench.Cpu;

/// <summary>The log-density of an isotropic mixture: in fp32, as a trial's log-likelihood curves evaluate it, and in fp64, as its metrics do.</summary>
internal static class Density
{
    public const int Components = 8;
    public const int Points = 4096;
    private const double Std = 0.15;

    /// <summary>
    /// Of the multiply-adds a core can do in fp64 (half its fp32 rate): per point and component d + 1 for the distance and 7 for the exponential, and 12 for
    /// the logarithm.
    /// </summary>
    public static double ShareOfPeak(int dimensions, double callsPerSecond, double fp32Flops) =>
        callsPerSecond * Points * ((Components * (dimensions + 1 + 7)) + 12) * 2 / (fp32Flops / 2);

    /// <summary>Calls per second: the best slice of about 10 ms.</summary>
    public static (double Single, double Double) Measure(int dimensions, TimeProvider clock, double seconds)
    {
        var stream = new PhiloxStream(1, NoisePurpose.DatasetDefinition);
        double[] means = new double[Components * dimensions], points = new double[Points * dimensions], nats = new double[Points];
        stream.FillNormal(means);
        stream.FillNormal(points);
        double[] weights = new double[Components], stds = new double[Components];
        Array.Fill(weights, 1.0 / Components);
        Array.Fill(stds, Std);
        var mixture = GaussianMixture.Isotropic(weights, means, stds);
        float[] narrow = Array.ConvertAll(points, p => (float)p), narrowNats = new float[Points];
        return (Rate(() => mixture.TryLogDensity(narrow, narrowNats), clock, seconds), Rate(() => mixture.LogDensity(points, nats), clock, seconds));
    }

    private static double Rate(Action call, TimeProvider clock, double seconds)
    {
        double best = 0, total = 0;
        while (total < seconds)
        {
            long start = clock.GetTimestamp();
            int calls = 0;
            double elapsed;
            do
            {
                call();
                calls++;
                elapsed = clock.GetElapsedTime(start).TotalSeconds;
            }
            while (elapsed < 0.01);
            best = Math.Max(best, calls / elapsed);
            total += elapsed;
        }

        return best;
    }
}

using Sweep.Diffusion.Numerics;
using Sweep.Grains.Comparison.Statistics.Racing;

namespace Sweep.Bench.Racing;

/// <summary>What is simulated: arms against baselines, in standard deviations of the paired differences.</summary>
internal sealed record Scenario(string Name)
{
    public required int Comparisons { get; init; }

    /// <summary>Places with a baseline each, which their arms share.</summary>
    public int Baselines { get; init; } = 1;

    public Draw Draw { get; init; } = Noise.Normal;

    /// <summary>The baseline's standard deviation over an arm's; 0 leaves the noise, and its skewness, to the arms.</summary>
    public double BaselineSpread { get; init; } = 1;

    /// <summary>Log-normal sigma of the differences' standard deviations.</summary>
    public double Spread { get; init; }

    /// <summary>True differences, by comparison; null for none.</summary>
    public Func<PhiloxStream, double[]>? Effects { get; init; }

    /// <summary>Whether the level is promised for it.</summary>
    public bool IsSymmetric { get; init; } = true;

    public int Groups => Baselines + Comparisons;

    public IReadOnlyList<RaceEntry> Family =>
        [.. Enumerable.Range(0, Comparisons).Select(i => new RaceEntry([i * Baselines / Comparisons, Baselines + i]))];

    /// <summary>True differences and (comparisons) of (seeds) observed ones.</summary>
    public (double[] Effects, double[][] Differences) Make(int repetition, int seeds)
    {
        PhiloxStream stream = new((ulong)repetition, NoisePurpose.Bootstrap, 1), truth = new((ulong)repetition, NoisePurpose.Bootstrap, 2);
        double[] effects = Effects?.Invoke(truth) ?? new double[Comparisons];
        double scale = 1 / Math.Sqrt(1 + (BaselineSpread * BaselineSpread));
        double[][] baselines = [.. Enumerable.Range(0, Baselines).Select(_ => new double[seeds])];
        foreach (double[] baseline in baselines)
        {
            for (int s = 0; s < seeds; s++)
                baseline[s] = BaselineSpread * Draw(ref stream);
        }

        double[][] differences = new double[Comparisons][];
        for (int i = 0; i < Comparisons; i++)
        {
            double sd = Spread == 0 ? 1 : Math.Exp(Spread * stream.NextNormal());
            double[] baseline = baselines[i * Baselines / Comparisons];
            differences[i] = new double[seeds];
            for (int s = 0; s < seeds; s++)
                differences[i][s] = sd * (effects[i] + (scale * (Draw(ref stream) - baseline[s])));
            effects[i] *= sd;
        }

        return (effects, differences);
    }
}

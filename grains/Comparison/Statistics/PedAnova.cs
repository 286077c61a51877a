using Sweep.Diffusion.Numerics;

namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// Which axes good settings differ in from all settings: PED-ANOVA (S. Watanabe, A. Bansal and F. Hutter, arXiv 2304.10255). An axis' divergence is Pearson's
/// of the density of the best quarter from that of all settings along it, both by kernels on a grid of its scale, or by counts of a list's values, with a
/// uniform prior of one setting's weight. Few settings diverge by chance, so, other than the paper, the mean divergence of as many settings picked at random
/// is taken off; picks are counted, so that the same settings give the same numbers. Shares are what is left over its sum, and sum to 1 where anything is.
/// </summary>
public static class PedAnova
{
    /// <summary>The share of settings that count as good.</summary>
    public const double Good = 0.25;

    private const int Cells = 50, Picks = 400;

    /// <summary>The least number of settings that an analysis is made of: 4 good ones.</summary>
    public const int LeastSettings = 16;

    /// <param name="axes">By axis: how many values a list has, 0 of a range; and by setting the value's number, or the share of the range's scale.</param>
    /// <param name="merits">By setting: the larger the better; infinitely bad ones may be there.</param>
    /// <returns>By axis. Null with fewer settings than <see cref="LeastSettings"/>.</returns>
    public static IReadOnlyList<PedEffect>? Of(IReadOnlyList<(int Values, IReadOnlyList<double> Places)> axes, IReadOnlyList<double> merits)
    {
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(merits);
        int settings = merits.Count, good = (int)Math.Ceiling(Good * settings);
        if (settings < LeastSettings)
            return null;

        // Equal merits in the order of the settings, whatever sorts them.
        int[] best = [.. Enumerable.Range(0, settings).OrderByDescending(i => merits[i]).ThenBy(i => i).Take(good)];
        int[][] picks = [.. Enumerable.Range(0, Picks).Select(pick => Enumerable.Range(0, settings)
            .OrderBy(i => Philox.Words(0, (uint)i, (uint)pick, 0, NoisePurpose.Bootstrap).A).ThenBy(i => i).Take(good).ToArray())];
        (double Divergence, double Chance, double P)[] found = [.. axes.Select(axis =>
        {
            double[][] kernels = [.. axis.Places.Select(p => Kernel(axis.Values, p, good))];
            double[][] wide = [.. axis.Places.Select(p => Kernel(axis.Values, p, settings))];
            double[] all = Density(wide, Enumerable.Range(0, settings));
            double divergence = Divergence(Density(kernels, best), all);
            double[] chance = [.. picks.Select(p => Divergence(Density(kernels, p), all))];
            return (divergence, chance.Average(), (1.0 + chance.Count(c => c >= divergence)) / (Picks + 1));
        })];
        double sum = found.Sum(f => Math.Max(0, f.Divergence - f.Chance));
        return [.. found.Select(f => new PedEffect(f.Divergence, f.Chance, f.P, sum > 0 ? Math.Max(0, f.Divergence - f.Chance) / sum : 0))];
    }

    /// <summary>
    /// One setting's weight over the cells, summing to 1: a normal kernel of Scott's (1992) width for so many uniform values, or the value itself.
    /// </summary>
    private static double[] Kernel(int values, double place, int count)
    {
        double[] kernel = new double[values > 0 ? values : Cells];
        if (values > 0)
        {
            kernel[(int)place] = 1;
            return kernel;
        }

        double width = Math.Sqrt(1.0 / 12) * Math.Pow(count, -0.2);
        for (int c = 0; c < Cells; c++)
            kernel[c] = Math.Exp(-0.5 * Math.Pow((((c + 0.5) / Cells) - place) / width, 2));
        double sum = kernel.Sum();
        for (int c = 0; c < Cells; c++)
            kernel[c] /= sum;
        return kernel;
    }

    private static double[] Density(double[][] kernels, IEnumerable<int> settings)
    {
        double[] density = new double[kernels[0].Length];
        Array.Fill(density, 1.0 / density.Length);
        int count = 1;
        foreach (int setting in settings)
        {
            count++;
            for (int c = 0; c < density.Length; c++)
                density[c] += kernels[setting][c];
        }

        for (int c = 0; c < density.Length; c++)
            density[c] /= count;
        return density;
    }

    private static double Divergence(double[] good, double[] all) => good.Zip(all, (g, a) => a * Math.Pow((g / a) - 1, 2)).Sum();
}

/// <summary>What PED-ANOVA says of one axis.</summary>
/// <param name="Divergence">Pearson's, of the good settings' density from that of all.</param>
/// <param name="Chance">The mean of as many settings picked at random.</param>
/// <param name="P">The share of such picks that diverge as much; exploratory.</param>
/// <param name="Share">Of what all axes have beyond chance.</param>
public sealed record PedEffect(double Divergence, double Chance, double P, double Share);

using Sweep.Diffusion.Numerics;

namespace Sweep.Grains.Comparison.Statistics.Racing;

/// <summary>
/// What a race can find, before any result: for one comparison of a family whose others call nothing, which is Holm's first and hardest step. Normal
/// differences, the plain t-test.
/// </summary>
public static class RaceOutlook
{
    /// <summary>Races simulated: a probability is good to 1.1 percentage points, one standard error.</summary>
    public const int Races = 2000;

    /// <summary>The simulation's seed: the same plan is told the same.</summary>
    private const ulong Seed = 0;

    /// <param name="looks">The race's.</param>
    /// <param name="comparisons">In the family, at least 1.</param>
    /// <param name="effects">|mean| / sd of the paired differences over seeds, at least 0.</param>
    public static IReadOnlyList<LookOutlook> Of(LookPlan looks, int comparisons, IReadOnlyList<double> effects)
    {
        ArgumentNullException.ThrowIfNull(looks);
        ArgumentNullException.ThrowIfNull(effects);
        ArgumentOutOfRangeException.ThrowIfLessThan(comparisons, 1);
        double level = RacePlan.Alpha / comparisons;
        int[][] called = [.. effects.Select(_ => new int[looks.Count])];
        double[] noise = new double[looks.Most], differences = new double[looks.Most];
        for (uint race = 0; race < Races; race++)
        {
            PhiloxStream stream = new(Seed, NoisePurpose.Bootstrap, race);
            stream.FillNormal(noise);
            for (int e = 0; e < effects.Count; e++)
            {
                for (int s = 0; s < noise.Length; s++)
                    differences[s] = effects[e] + noise[s];
                if (CalledAt(looks, level, differences) is { } look)
                    called[e][look - 1]++;
            }
        }

        return
        [
            .. Enumerable.Range(1, looks.Count).Select(look => new LookOutlook(
                looks.Seeds[look - 1], SmallestEffect.At(looks.Seeds[look - 1], level * looks.Weight(look)),
                [.. called.Select(c => c.Take(look).Sum() / (double)Races)])),
        ];
    }

    private static int? CalledAt(LookPlan looks, double level, double[] differences)
    {
        double least = 1;
        RepeatedInterval? interval = null;
        for (int look = 1; look <= looks.Count; look++)
        {
            double[] seen = differences[..looks.Seeds[look - 1]];
            least = Math.Min(least, (PairedTest.Plain(seen) ?? 1) / looks.Weight(look));
            interval = RepeatedInterval.Next(interval, MeanInterval.Of(seen, RacePlan.Alpha * looks.Weight(look)));
            if (least < level && interval is { LeavesOutZero: true })
                return look;
        }

        return null;
    }
}

/// <summary>What a race can find by one look.</summary>
/// <param name="Seeds">At the look.</param>
/// <param name="SmallestEffect">
/// The smallest |mean| / sd of the paired differences that this look by itself calls with probability <see cref="Statistics.SmallestEffect.Power"/>.
/// </param>
/// <param name="Called">For each effect asked about, the probability that it is called at this look or before.</param>
public sealed record LookOutlook(int Seeds, double SmallestEffect, IReadOnlyList<double> Called);

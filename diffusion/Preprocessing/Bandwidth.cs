using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// How wide the kernels are: a factor of Silverman's rule or of the improved Sheather-Jones rule.
/// <para>
/// The default is half of Sheather-Jones. Sheather-Jones minimises the error of the density; half of it makes the density less smooth, which samples drawn
/// through the map gain by and held-out points lose by. Over product mixtures of 3 and 6 dimensions with 1,000 and 10,000 points
/// (examples/papers/gaussianization-bandwidth.yaml) half gains 0.01 to 0.04 nats a dimension of the true log-density of the samples, part of which is that
/// the samples crowd the modes, and costs 0.001 to 0.007 nats a dimension of held-out log-likelihood, 15 to 50 % of what the estimate lacks there: as a
/// density isj is the better one. In energy distance the two can't be told apart; plain Silverman loses 0.2 to 0.4 nats a dimension of the former. So half is
/// kept, with both in view, for what is sampled; whoever wants the density asks for isj.
/// </para>
/// </summary>
public sealed record Bandwidth
{
    private const string SilvermanWord = "silverman";
    private const string IsjWord = "isj";
    private const string HalfIsjWord = "isj-half";
    private const string Allowed = "silverman, isj, isj-half, or a factor of silverman > 0 and <= 100";

    /// <summary>What the improved Sheather-Jones rule falls back on when it has no answer, as a factor of Silverman's.</summary>
    internal const double FallbackFactor = 0.2;

    /// <summary>An answer below this factor of Silverman's is the rule seeing ties or rounding, not structure.</summary>
    internal const double SmallestFactor = 0.002;

    /// <summary>
    /// No bandwidth is smaller than this share of the largest value: some 500 rounding steps, so that its thirty-seconds are still told apart.
    /// </summary>
    private const double Resolution = 1e-13;

    /// <summary>Which rule <see cref="Factor"/> multiplies: the improved Sheather-Jones rule, or Silverman's.</summary>
    public required bool SheatherJones { get; init; }

    /// <summary>Positive.</summary>
    public required double Factor { get; init; }

    /// <summary>The spec's parameter.</summary>
    internal static Parameter Parameter { get; } = Parameter.RealOr(
        "bandwidth",
        HalfIsjWord,
        [SilvermanWord, IsjWord, HalfIsjWord],
        "kernel width: isj (Botev's improved Sheather-Jones), isj-half (half of it), silverman, or a factor of silverman",
        0,
        100,
        minimumExclusive: true);

    internal static Bandwidth Read(ParameterValues values) => values.RealOrNull("bandwidth") is { } factor
        ? factor is > 0 and <= 100 ? new Bandwidth { SheatherJones = false, Factor = factor }
            : throw new KindException($"bandwidth: {factor}; allowed: {Allowed}")
        : values.Text("bandwidth") switch
        {
            SilvermanWord => new Bandwidth { SheatherJones = false, Factor = 1 },
            IsjWord => new Bandwidth { SheatherJones = true, Factor = 1 },
            HalfIsjWord => new Bandwidth { SheatherJones = true, Factor = 0.5 },
            var other => throw new KindException($"bandwidth: {other}; allowed: {Allowed}"),
        };

    /// <summary>
    /// The bandwidth for these points, in their unit. The improved Sheather-Jones rule has no answer where its equation has no root (mostly tiny or
    /// tied samples) and a useless one where ties drive it towards 0; then 0.2 of Silverman's is used and <paramref name="fellBack"/> set.
    /// </summary>
    /// <param name="sorted">Increasing, not all equal.</param>
    /// <param name="fellBack">True when the wanted rule had no answer.</param>
    public double For(ReadOnlySpan<double> sorted, out bool fellBack)
    {
        double silverman = Silverman(sorted);
        fellBack = false;
        double wanted = Factor * silverman;
        if (SheatherJones)
        {
            double? isj = ImprovedSheatherJones.Bandwidth(sorted);
            fellBack = isj is null || isj < SmallestFactor * silverman;
            wanted = fellBack ? FallbackFactor * silverman : Factor * isj!.Value;
        }

        return Math.Max(wanted, Resolution * Math.Max(Math.Abs(sorted[0]), Math.Abs(sorted[^1])));
    }

    /// <summary>
    /// 0.9 min(sd, IQR / 1.349) n^(-1/5), with n in the sd's denominator (Silverman 1986, equation 3.31; quartiles by linear interpolation). Where ties make
    /// the quartiles meet, the sd alone counts.
    /// </summary>
    /// <param name="sorted">Increasing, not all equal.</param>
    public static double Silverman(ReadOnlySpan<double> sorted)
    {
        double mean = 0;
        foreach (double x in sorted)
            mean += (x - sorted[0]) / sorted.Length;
        double variance = 0;
        foreach (double x in sorted)
            variance += (x - sorted[0] - mean) * (x - sorted[0] - mean) / sorted.Length;
        double spread = Math.Sqrt(variance);
        double quartiles = (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / 1.349;
        if (quartiles > 0)
            spread = Math.Min(spread, quartiles);
        return 0.9 * spread * Math.Pow(sorted.Length, -0.2);
    }

    private static double Quantile(ReadOnlySpan<double> sorted, double p)
    {
        double at = p * (sorted.Length - 1);
        int i = Math.Min((int)at, sorted.Length - 2);
        return sorted[i] + ((at - i) * (sorted[i + 1] - sorted[i]));
    }
}

namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// Analysis of variance of a complete grid whose every setting has the same seeds: settings are fixed, seeds are random blocks, and the error is what settings
/// do differently from seed to seed (O. Kempthorne, "The Design and Analysis of Experiments", 1952, chapter 8). An effect's share is omega squared of that
/// mixed model (G. M. Vaughan and M. C. Corballis, Psychological Bulletin 72, 1969): its component of variance over the sum of all components, seeds and error
/// among them, each 0 where its estimate is negative. So the shares sum to 1.
/// </summary>
public sealed record FactorialAnova
{
    private const double Alpha = SmallestEffect.Alpha;

    /// <summary>Main effects in the order of the factors, then pairs, then what all other interactions of settings come to, where there are any.</summary>
    public required IReadOnlyList<AnovaEffect> Effects { get; init; }

    /// <summary>The seeds' share.</summary>
    public required double Seeds { get; init; }

    /// <summary>The share of what settings do differently from seed to seed.</summary>
    public required double Error { get; init; }

    public required int ErrorDegrees { get; init; }

    public required double ErrorMeanSquare { get; init; }

    /// <param name="levels">Levels of each factor, at least 2 each; at least one factor.</param>
    /// <param name="values">(settings, the last factor fastest) of (seeds), at least two seeds, finite.</param>
    /// <returns>Null where nothing varies, or where sums of squares leave the range of numbers.</returns>
    /// <exception cref="ArgumentException">Other numbers of settings or seeds.</exception>
    public static FactorialAnova? Of(IReadOnlyList<int> levels, IReadOnlyList<IReadOnlyList<double>> values)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(values);
        int settings = levels.Aggregate(1, (n, l) => n * l), seeds = values.Count > 0 ? values[0].Count : 0;
        if (levels.Count == 0 || levels.Any(l => l < 2) || values.Count != settings || seeds < 2 || values.Any(v => v.Count != seeds))
        {
            throw new ArgumentException(
                $"levels [{string.Join(", ", levels)}] with {values.Count} settings of {seeds} seeds; allowed: factors of at least 2 levels, "
                + "every setting of them, each with the same two seeds or more", nameof(values));
        }

        double[] cells = [.. values.Select(v => MeanInterval.MeanOf([.. v]))];
        double grand = MeanInterval.MeanOf(cells);
        double[] blocks = [.. Enumerable.Range(0, seeds).Select(s => MeanInterval.MeanOf([.. values.Select(v => v[s])]))];
        double between = settings * blocks.Sum(b => Square(b - grand)), within = 0;
        for (int c = 0; c < settings; c++)
        {
            for (int s = 0; s < seeds; s++)
                within += Square(values[c][s] - cells[c] - blocks[s] + grand);
        }

        int degrees = (settings - 1) * (seeds - 1), count = settings * seeds;
        double error = within / degrees;
        List<(int[] Factors, int Degrees, double Squares)> sums = [];
        double[] main = [.. levels.Select((l, f) => Marginal([f]))];
        for (int f = 0; f < levels.Count; f++)
            sums.Add(([f], levels[f] - 1, main[f]));
        for (int f = 0; f < levels.Count; f++)
        {
            for (int g = f + 1; g < levels.Count; g++)
                sums.Add(([f, g], (levels[f] - 1) * (levels[g] - 1), Math.Max(0, Marginal([f, g]) - main[f] - main[g])));
        }

        int rest = settings - 1 - sums.Sum(s => s.Degrees);
        if (rest > 0)
            sums.Add(([], rest, Math.Max(0, (seeds * cells.Sum(c => Square(c - grand))) - sums.Sum(s => s.Squares))));

        double blockComponent = Math.Max(0, ((between / (seeds - 1)) - error) / settings);
        double[] components = [.. sums.Select(s => Math.Max(0, (s.Squares - (s.Degrees * error)) / count))];
        double total = components.Sum() + blockComponent + error;
        if (!(total > 0 && double.IsFinite(total)))
            return null;
        return new FactorialAnova
        {
            Effects = [.. sums.Select((s, i) => Effect(s.Factors, s.Degrees, s.Squares, components[i], total - components[i]))],
            Seeds = blockComponent / total,
            Error = error / total,
            ErrorDegrees = degrees,
            ErrorMeanSquare = error,
        };

        // The interval is the noncentral F's, all other components at their estimates (M. Smithson, "Confidence Intervals", 2003, chapter 5).
        AnovaEffect Effect(int[] factors, int own, double squares, double component, double others)
        {
            double f = squares / own / error;
            if (!double.IsFinite(f))
                return new AnovaEffect(factors, own, squares, null, null, component / total, null, null);
            (double low, double high) = NoncentralF.Interval(f, own, degrees, Alpha);
            double Share(double noncentrality)
            {
                double part = noncentrality * error / count;
                return part / (part + others);
            }

            return new AnovaEffect(factors, own, squares, f, 1 - NoncentralF.Cumulative(f, own, degrees, 0), component / total, Share(low), Share(high));
        }

        // Sum of squares of the means over all factors but these.
        double Marginal(int[] factors)
        {
            int[] strides = new int[levels.Count];
            for (int f = levels.Count - 1, stride = 1; f >= 0; stride *= levels[f--])
                strides[f] = stride;
            Dictionary<int, (double Sum, int Count)> means = [];
            for (int c = 0; c < settings; c++)
            {
                int key = factors.Aggregate(0, (k, f) => (k * levels[f]) + (c / strides[f] % levels[f]));
                (double sum, int n) = means.GetValueOrDefault(key);
                means[key] = (sum + (cells[c] - grand), n + 1);
            }

            return seeds * means.Values.Sum(m => m.Count * Square(m.Sum / m.Count));
        }
    }

    private static double Square(double x) => x * x;
}

/// <summary>What one factor or interaction explains.</summary>
/// <param name="Factors">One factor, a pair, or none: all interactions of three factors and more.</param>
/// <param name="Degrees">Degrees of freedom.</param>
/// <param name="Squares">Sum of squares.</param>
/// <param name="F">Mean square over the error's; null without an error.</param>
/// <param name="P">Of F, not adjusted; null likewise.</param>
/// <param name="Share">Omega squared: of all variance, seeds and error included.</param>
/// <param name="Low">Lower end of its 95% interval; null without an error.</param>
/// <param name="High">Upper end.</param>
public sealed record AnovaEffect(IReadOnlyList<int> Factors, int Degrees, double Squares, double? F, double? P, double Share, double? Low, double? High);

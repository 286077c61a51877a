using System.Globalization;
using Sweep.Grains.Comparison.Statistics;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Why a comparison's p-value leans on the differences being symmetric about their mean more than others do.</summary>
/// <param name="Kind"><see cref="OneSeed"/> or <see cref="UnequalSpread"/>: never renamed.</param>
/// <param name="Text">For display.</param>
public sealed record ComparisonMark(string Kind, string Text)
{
    /// <summary>One seed carries over half of the squared deviation. Of three seeds one nearly always does: their deviations sum to zero.</summary>
    public const string OneSeed = "one_seed";

    /// <summary>One side's standard deviation over seeds is over three times the other's.</summary>
    public const string UnequalSpread = "unequal_spread";

    private const double LargestShare = 0.5, LargestRatio = 3;

    internal static IReadOnlyList<ComparisonMark> Of(Contrast contrast, IReadOnlyList<long> seeds)
    {
        List<ComparisonMark> marks = [];
        if (contrast.Differences.Count > 2 && LargestOf(contrast.Differences) is { Share: > LargestShare } largest)
        {
            string seed = contrast.Differences.Count == seeds.Count ? $"seed {seeds[largest.Index].ToString(CultureInfo.InvariantCulture)}" : "one seed";
            marks.Add(new ComparisonMark(OneSeed,
                string.Create(CultureInfo.InvariantCulture, $"{seed} carries {Math.Round(100 * largest.Share)}% of the squared deviation")));
        }

        if (contrast.ScoresA.Count > 1)
        {
            (double a, double b) = (Deviation(contrast.ScoresA), Deviation(contrast.ScoresB));
            (string noisy, string steady, double more, double less) = a > b ? (contrast.A, contrast.B, a, b) : (contrast.B, contrast.A, b, a);
            if (more > LargestRatio * less)
            {
                string text = less > 0
                    ? $"{Evidence.Name(noisy)} varies {Figures.Number(more / less)} times as much over seeds as {Evidence.Name(steady)}"
                    : $"{Evidence.Name(noisy)} varies over seeds and {Evidence.Name(steady)} does not";
                marks.Add(new ComparisonMark(UnequalSpread, text));
            }
        }

        return marks;
    }

    private static (double Share, int Index) LargestOf(IReadOnlyList<double> differences)
    {
        double mean = MeanInterval.MeanOf([.. differences]);
        double[] squares = [.. differences.Select(d => (d - mean) * (d - mean))];
        int index = Array.IndexOf(squares, squares.Max());
        return (squares[index] / squares.Sum(), index);
    }

    private static double Deviation(IReadOnlyList<double> scores)
    {
        double[] copy = [.. scores];
        return Math.Sqrt(MeanInterval.VarianceOf(copy, MeanInterval.MeanOf(copy)));
    }
}

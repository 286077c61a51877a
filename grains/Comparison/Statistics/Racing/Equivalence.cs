namespace Sweep.Grains.Comparison.Statistics.Racing;

/// <summary>
/// Whether a mean lies within a margin of zero: the larger p of the two one-sided t-tests of |mean| at least the margin (D. J. Schuirmann, Journal of
/// Pharmacokinetics and Biopharmaceutics 15, 1987). Plain t: variance that others lend would make equality look more certain than a comparison's own seeds do.
/// </summary>
public static class Equivalence
{
    /// <summary>Null with fewer than two values, where all are equal, and where their variance overflows.</summary>
    /// <param name="differences">(n), finite.</param>
    /// <param name="margin">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A margin that is not.</exception>
    public static double? P(ReadOnlySpan<double> differences, double margin)
    {
        if (!(margin > 0 && double.IsFinite(margin)))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "the margin must be positive and finite");
        if (differences.Length < 2)
            return null;
        double mean = MeanInterval.MeanOf(differences), variance = MeanInterval.VarianceOf(differences, mean);
        if (!(variance > 0 && double.IsFinite(variance) && double.IsFinite(mean)))
            return null;

        // The nearer end of the margin has the larger p.
        double t = (margin - Math.Abs(mean)) / Math.Sqrt(variance / differences.Length);
        double twoSided = StudentT.TwoSidedP(t, differences.Length - 1);
        return t > 0 ? twoSided / 2 : 1 - twoSided / 2;
    }
}

using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// Least squares of a balanced two-way layout: every setting (a row of the design) has a value for every seed, y = x'b + g(setting) + x't(seed) + e. Settings
/// are random draws of a search, so that what the design leaves unexplained of them (g) is noise of the coefficients; seeds are random too, with coefficients
/// of their own (t). Both are crossed, so no clustering by one of them has the variance right. For a contrast c'b, with G settings of n seeds and p columns,
/// Var = [h (M_g - M_e) + S] / n: h = c'(X'X)^-1 c, M_g the mean square of the settings' residuals (n sum r^2 / (G - p)), M_e that of what is left of the
/// values after settings and each seed's own fit ((G - p)(n - 1) degrees), S the variance of the seeds' own c'b. It is at least what settings or seeds alone
/// make it, and has Satterthwaite's (1946) degrees of freedom. With one seed it is ordinary least squares.
/// </summary>
public sealed class ClusteredRegression
{
    private readonly Matrix<double> _inverse;
    private readonly Vector<double>[] _bySeed;
    private readonly double _settingSquare, _errorSquare;
    private readonly int _degrees, _seeds;

    private ClusteredRegression(Matrix<double> inverse, Vector<double>[] bySeed, double settingSquare, double errorSquare, int degrees)
    {
        (_inverse, _bySeed, _settingSquare, _errorSquare, _degrees, _seeds) = (inverse, bySeed, settingSquare, errorSquare, degrees, bySeed.Length);
        Coefficients = [.. bySeed.Aggregate((a, b) => a + b) / bySeed.Length];
    }

    /// <summary>(columns): the means over seeds of the seeds' own.</summary>
    public IReadOnlyList<double> Coefficients { get; }

    /// <summary>Degrees of freedom of the settings' residuals.</summary>
    public int ResidualDegrees => _degrees;

    /// <param name="design">(settings) of (columns), the intercept's among them.</param>
    /// <param name="values">(settings) of (seeds), finite.</param>
    /// <returns>Null where the settings don't determine the coefficients, or none is left to tell how far off they are.</returns>
    /// <exception cref="ArgumentException">Other numbers of settings, columns or seeds.</exception>
    public static ClusteredRegression? Of(IReadOnlyList<double[]> design, IReadOnlyList<double[]> values)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(values);
        int settings = design.Count, columns = settings > 0 ? design[0].Length : 0, seeds = values.Count > 0 ? values[0].Length : 0;
        if (values.Count != settings || settings == 0 || seeds == 0 || design.Any(d => d.Length != columns) || values.Any(v => v.Length != seeds))
        {
            throw new ArgumentException(
                $"{settings} settings of {columns} columns with {values.Count} of {seeds} seeds; allowed: as many values as settings, rows of equal length",
                nameof(values));
        }

        if (settings <= columns)
            return null;
        Matrix<double> x = DenseMatrix.OfRowArrays(design);
        QR<double> qr = x.QR(QRMethod.Thin);
        double[] diagonal = [.. qr.R.Diagonal().Select(Math.Abs)];
        if (diagonal.Min() <= 1e-10 * diagonal.Max())
            return null;
        Matrix<double> y = DenseMatrix.OfRowArrays(values);
        Matrix<double> coefficients = qr.Solve(y), residuals = y - (x * coefficients);
        double[] means = [.. Enumerable.Range(0, settings).Select(i => residuals.Row(i).Sum() / seeds)];
        int degrees = settings - columns;
        double setting = seeds * means.Sum(r => r * r) / degrees, error = 0;
        for (int i = 0; i < settings; i++)
        {
            for (int j = 0; j < seeds; j++)
                error += Math.Pow(residuals[i, j] - means[i], 2);
        }

        error = seeds > 1 ? error / degrees / (seeds - 1) : setting;
        return !double.IsFinite(setting + error) ? null : new ClusteredRegression(
            x.TransposeThisAndMultiply(x).Inverse(), [.. Enumerable.Range(0, seeds).Select(coefficients.Column)], setting, error, degrees);
    }

    /// <summary>A linear combination of the coefficients with its 95% interval.</summary>
    /// <param name="contrast">(columns).</param>
    public MeanInterval Contrast(double[] contrast)
    {
        ArgumentNullException.ThrowIfNull(contrast);
        Vector<double> c = DenseVector.OfArray(contrast);
        double[] own = [.. _bySeed.Select(b => c.DotProduct(b))];
        double mean = MeanInterval.MeanOf(own), h = c.DotProduct(_inverse * c);
        double settings = h * _settingSquare / _seeds;
        if (_seeds == 1)
            return MeanInterval.Around(mean, StudentT.Critical(MeanInterval.Alpha, _degrees) * Math.Sqrt(settings));
        double seeds = MeanInterval.VarianceOf(own, mean) / _seeds, error = h * _errorSquare / _seeds, variance = settings + seeds - error;
        double degrees = variance * variance
            / ((settings * settings / _degrees) + (seeds * seeds / (_seeds - 1)) + (error * error / _degrees / (_seeds - 1)));
        if (variance < Math.Max(settings, seeds))
            (variance, degrees) = settings >= seeds ? (settings, _degrees) : (seeds, _seeds - 1);
        if (variance == 0)
            return new MeanInterval(mean, mean, mean);
        return MeanInterval.Around(mean, StudentT.Critical(MeanInterval.Alpha, Math.Max(1, degrees)) * Math.Sqrt(variance));
    }
}

using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Diffusion.Metrics;

/// <summary>
/// How exactly a preprocessing is undone on points that it was not fitted to: the root mean square over points and coordinates of (Inverse(Forward(x)) - x) /
/// sd, sd being the column's standard deviation over the training points. Rounding alone is about 1e-16; every digit above is lost to plateaus, where the map
/// is flat and its inverse steep.
/// </summary>
public sealed class RoundTripError : IMeasuredMetric
{
    public const string Key = "round_trip_error";

    public string Name => Key;

    public string Label => "Round-trip error";

    public MetricBetter Better => MetricBetter.Lower;

    public double Least => 0;

    public string Explanation =>
        "Of the preprocessing on test points: how far they come back from where they were, root mean square in standard deviations of each column. Above "
            + "rounding, 1e-16, digits are lost to plateaus.";

    public Measurement Measure(MetricSubject subject) => Measurement.Of(subject.RoundTripError, "a test point does not come back finite");

    /// <param name="fitted">The map.</param>
    /// <param name="points">At least one, in data space.</param>
    /// <param name="training">What it was fitted to; a column that doesn't vary counts in the data's own unit.</param>
    /// <returns>NaN where a point doesn't come back finite.</returns>
    public static double Of(IFittedPreprocessing fitted, PointSet points, PointSet training)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(training);
        if (points.Count == 0)
            throw new ArgumentException("points: 0; allowed: at least 1", nameof(points));
        double[] units = Deviations(training), back = new double[points.Values.Length];
        fitted.Forward(points.Values, back);
        fitted.Inverse(back, back);
        double squares = 0;
        for (int i = 0; i < back.Length; i++)
        {
            double error = (back[i] - points.Values[i]) / units[i % units.Length];
            squares += error * error;
        }

        double rms = Math.Sqrt(squares / back.Length);
        return double.IsFinite(rms) ? rms : double.NaN;
    }

    private static double[] Deviations(PointSet points)
    {
        int d = points.Dimensions, n = points.Count;
        double[] mean = new double[d], squares = new double[d];
        for (int i = 0; i < points.Values.Length; i++)
            mean[i % d] += points.Values[i] / n;
        for (int i = 0; i < points.Values.Length; i++)
            squares[i % d] += (points.Values[i] - mean[i % d]) * (points.Values[i] - mean[i % d]) / n;
        return Array.ConvertAll(squares, s => s > 0 ? Math.Sqrt(s) : 1);
    }
}

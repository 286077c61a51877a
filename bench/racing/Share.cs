using System.Globalization;

namespace Sweep.Bench.Racing;

/// <summary>A share of repetitions, with Wilson's 95% interval.</summary>
internal readonly record struct Share(int Count, int Of)
{
    public double Value => (double)Count / Of;

    public (double Low, double High) Interval
    {
        get
        {
            const double Z = 1.959964;
            double p = Value, n = Of, centre = (p + (Z * Z / (2 * n))) / (1 + (Z * Z / n));
            double half = Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))) / (1 + (Z * Z / n));
            return (Math.Max(0, centre - half), Math.Min(1, centre + half));
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * Value:0.0} % [{100 * Interval.Low:0.0}, {100 * Interval.High:0.0}]");
}

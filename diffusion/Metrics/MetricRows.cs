namespace Sweep.Diffusion.Metrics;

/// <summary>What the metrics over sets of points check alike.</summary>
internal static class MetricRows
{
    /// <summary>The number of rows of a row-major (n, d) buffer, which must be at least <paramref name="minimum"/>.</summary>
    internal static int Count(ReadOnlySpan<double> points, int dimensions, int minimum, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        if (points.Length % dimensions != 0 || points.Length / dimensions < minimum)
            throw new ArgumentException($"{points.Length} values in rows of {dimensions}; allowed: at least {minimum} whole rows", name);
        return points.Length / dimensions;
    }

    internal static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double v in values)
        {
            if (!double.IsFinite(v))
                return false;
        }

        return true;
    }
}

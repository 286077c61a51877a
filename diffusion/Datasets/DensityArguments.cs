namespace Sweep.Diffusion.Datasets;

/// <summary>The shapes that <see cref="IDensity"/>'s methods demand.</summary>
internal static class DensityArguments
{
    /// <param name="points">(n, d).</param>
    /// <param name="dimensions">d.</param>
    /// <param name="nats">(n), or empty when not wanted.</param>
    /// <param name="scores">(n, d), or empty when not wanted.</param>
    internal static void Check(ReadOnlySpan<double> points, int dimensions, ReadOnlySpan<double> nats, ReadOnlySpan<double> scores)
    {
        if (points.Length % dimensions != 0)
            throw new ArgumentException($"{points.Length} values are not a whole number of rows of {dimensions}", nameof(points));
        if (points.Length != 0 && nats.IsEmpty && scores.IsEmpty)
            throw new ArgumentException("there is no room for any result", nameof(nats));
        if (!nats.IsEmpty && nats.Length != points.Length / dimensions)
            throw new ArgumentException($"{nats.Length} log-densities; allowed: {points.Length / dimensions}", nameof(nats));
        if (!scores.IsEmpty && scores.Length != points.Length)
            throw new ArgumentException($"{scores.Length} score entries; allowed: {points.Length}", nameof(scores));
    }
}

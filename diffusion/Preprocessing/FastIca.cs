namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// Symmetric FastICA (<see cref="FastIcaFixedPoint"/>) from several random rotations, of which the end with the largest contrast is kept: the contrast has more
/// than one optimum.
/// <para>
/// Where that is affordable, every start runs to its end on all points. Else all of them run for some iterations on the first points, and only the one that is
/// then ahead goes on, on all points. A fit then costs about 10^12 floating-point operations at most, whatever the dimensions, but for the whitening. What is
/// affordable is counted in operations, not in seconds: the same data give the same fit on any machine.
/// </para>
/// </summary>
internal static class FastIca
{
    /// <summary>Up to here a single start runs in the arithmetic of the trials that were stored before there could be several, bit for bit.</summary>
    private const int UnchangedDimensions = 128;

    /// <summary>Operations that all starts together may be expected to take without screening.</summary>
    private const double AffordableOperations = 2e11;

    private const double ScreeningOperations = 3e11;
    private const double FinishingOperations = 3e11;

    /// <summary>What a start is expected to take where it converges.</summary>
    private const int ExpectedIterations = 60;

    private const int LeastScreening = 5;
    private const int LeastFinishing = 10;

    /// <summary>Points that starts are screened on: this many, or this many a dimension.</summary>
    private const int ScreeningPoints = 2048, ScreeningPointsPerDimension = 4;

    /// <summary>Random words of a layer's further starts are this far from its first's.</summary>
    private const int StartStride = 1 << 8;

    /// <param name="components">Whitened points, one component after the other: (d, n).</param>
    /// <param name="dimensions">d.</param>
    /// <param name="options">The contrast function, and how many starts.</param>
    /// <param name="seed">Of the starting rotations.</param>
    /// <param name="layer">Which layer this is: each starts from its own rotations.</param>
    /// <param name="progress">Told once an iteration.</param>
    /// <param name="cancellationToken">Looked at once an iteration.</param>
    public static FastIcaResult Fit(
        double[] components, int dimensions, FastIcaOptions options, ulong seed, int layer, FitProgress progress, CancellationToken cancellationToken)
    {
        int d = dimensions, n = components.Length / d;
        bool unchanged = options.Starts == 1 && d <= UnchangedDimensions;
        var all = new FastIcaFixedPoint(components, d, n, options.Contrast, unchanged);
        bool screened = options.Starts > 1 && options.Starts * ExpectedIterations * all.Operations > AffordableOperations;
        var few = screened
            ? new FastIcaFixedPoint(components, d, Math.Min(n, Math.Max(ScreeningPoints, ScreeningPointsPerDimension * d)), options.Contrast, unchanged) : all;
        int most = screened ? Iterations(ScreeningOperations / options.Starts, few, LeastScreening) : unchanged
            ? FastIcaFixedPoint.MaximumIterations : Iterations(FinishingOperations, all, LeastFinishing);
        FitProgress starting = screened ? progress.Part(0, 0.5) : progress;
        var ends = new FastIcaEnd[options.Starts];
        for (int s = 0; s < ends.Length; s++)
            ends[s] = few.Run(all.Rotation(seed, layer + (s * StartStride)), most, starting.Part((double)s / ends.Length, (s + 1.0) / ends.Length),
                cancellationToken);

        int kept = 0;
        for (int s = 1; s < ends.Length; s++)
        {
            if (ends[s].Contrast > ends[kept].Contrast)
                kept = s;
        }

        if (screened)
        {
            FastIcaEnd end = all.Run(ends[kept].Rotation, Iterations(FinishingOperations, all, LeastFinishing), progress.Part(0.5, 1), cancellationToken);
            ends[kept] = end with { Iterations = ends[kept].Iterations + end.Iterations };
        }

        return new FastIcaResult(ends[kept].Rotation, [.. ends.Select(Start)]);

        IcaStart Start(FastIcaEnd end, int s) => new()
        {
            Layer = layer,
            Contrast = end.Contrast,
            Iterations = end.Iterations,
            Converged = end.Converged,
            Screened = screened && s != kept,
            Points = s == kept ? n : few.Points,
            Kept = s == kept,
        };
    }

    private static int Iterations(double operations, FastIcaFixedPoint problem, int least) =>
        (int)Math.Clamp(operations / problem.Operations, least, FastIcaFixedPoint.MaximumIterations);
}

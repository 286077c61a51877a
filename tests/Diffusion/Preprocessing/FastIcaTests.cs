using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

public sealed class FastIcaTests
{
    /// <summary>
    /// Unmixing matrices of scikit-learn 1.2.1's FastICA (parallel, unit variance, tol 1e-10), rows by decreasing |column 0|, column 0 positive.
    /// </summary>
    [Theory]
    [InlineData("logcosh", 1.1408287207, -0.4668980525, 0.5217099301, -1.6610240713)]
    [InlineData("cube", 1.1403834237, -0.4654814631, 0.5226825693, -1.6614216095)]
    [InlineData("exp", 1.1408393842, -0.4669320036, 0.5216866115, -1.6610145276)]
    public void Fit_OfTwoMixedSignals_AgreesWithScikitLearn(string contrast, double w00, double w01, double w10, double w11)
    {
        foreach (ulong seed in new ulong[] { 0, 1, 2, 3 })
        {
            var fitted = Fit(MixedSignals(), contrast, seed);
            Assert.True(fitted.Diagnostics.Converged);
            var matrix = ((AffineLayer)fitted.Layers[0]).Matrix;
            Assert.Equal(w00, matrix[0], Tolerances.FastIca);
            Assert.Equal(w01, matrix[1], Tolerances.FastIca);
            Assert.Equal(w10, matrix[2], Tolerances.FastIca);
            Assert.Equal(w11, matrix[3], Tolerances.FastIca);
        }
    }

    [Fact]
    public void Fit_OfNormalPoints_EndsAndStillWhitens()
    {
        var stream = new PhiloxStream(8, NoisePurpose.TrainingPoints);
        var x = new double[4 * 2000];
        stream.FillNormal(x);
        var training = new PointSet(x, 4);

        var fitted = Fit(training, "logcosh", 1);

        var z = new double[x.Length];
        fitted.Forward(x, z);
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < 4; j++)
            {
                double sum = 0;
                for (int n = 0; n < 2000; n++)
                    sum += z[(4 * n) + i] * z[(4 * n) + j];
                Assert.Equal(i == j ? 1 : 0, sum / 2000, Tolerances.ReferenceRelative);
            }
        }

        if (!fitted.Diagnostics.Converged)
            Assert.Contains(fitted.Diagnostics.Warnings, w => w.Contains("did not converge", StringComparison.Ordinal));
    }

    /// <summary>Few points in eight dimensions: the undamped fixed point swings between two matrices for some of these seeds.</summary>
    [Fact]
    public void Fit_OfFewPointsOfManySources_ConvergesByHalfSteps()
    {
        for (ulong seed = 0; seed < 12; seed++)
        {
            var stream = new PhiloxStream(seed, NoisePurpose.TrainingPoints);
            var x = new double[8 * 500];
            for (int i = 0; i < x.Length; i++)
                x[i] = (((i % 4) + 1) * 0.4 * (stream.NextInt(2 + (i % 2)) - 0.7)) + (0.2 * stream.NextNormal());
            Assert.True(Fit(new PointSet(x, 8), "logcosh", seed).Diagnostics.Converged, $"seed {seed}");
        }
    }

    [Fact]
    public void Fit_OfDependentColumns_NamesThem()
    {
        var stream = new PhiloxStream(8, NoisePurpose.TrainingPoints);
        var x = new double[4 * 100];
        stream.FillNormal(x);
        for (int i = 0; i < x.Length; i += 4)
            x[i + 3] = (2 * x[i + 1]) - 5;

        var e = Assert.Throws<PreprocessingException>(() => Fit(new PointSet(x, 4), "logcosh", 1));

        Assert.StartsWith("columns 1, 3 (of 4, from 0) are linearly dependent", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OfFewerPointsThanColumns_Says()
    {
        var e = Assert.Throws<PreprocessingException>(() => Fit(new PointSet([1, 2, 3, 4, 5, 7, 8, 9, 2], 3), "logcosh", 1));
        Assert.StartsWith("too few training points for 3 columns: 3; allowed:", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_WhenCancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => PreprocessingTestKinds.Create("ica").Fit(MixedSignals(), 1, source.Token));
    }

    /// <summary>Few dimensions and many, converging or not: <c>starts: 1</c> is what trials were stored with.</summary>
    [Theory]
    [InlineData(2, 500)]
    [InlineData(5, 2500)]
    [InlineData(30, 400)]
    public void Fit_WithOneStart_IsBitEqualToTheFirstFastIca(int d, int n)
    {
        foreach (Contrast contrast in new[] { Contrast.LogCosh, Contrast.Exponential, Contrast.Cube })
        {
            double[] components = Sources(d, n);
            Assert.Equal(FirstFastIca.Fit(components, d, contrast, 7, 2), Fit(components, d, new FastIcaOptions(contrast, 1), 7, 2).Rotation);
        }
    }

    /// <summary>Two optima: eight starts find both, and end at the better one whatever the seed; one start ends where it happens to.</summary>
    [Fact]
    public void Fit_WithSeveralStarts_EndsAtTheLargestContrastWhateverTheSeed()
    {
        var values = new JsonObject { ["dimensions"] = 3, ["components"] = 3, ["std"] = 0.15, ["definition_seed"] = 0 };
        PointSet points = DatasetKinds.Registry.Create("gmm-random", new ParameterValues(values)).Draw(new SplitSizes(1000, 1, 1, 1), 3).Training;
        double[] components = Whitening.Fit(points).Components(points);
        double[] one = [.. Enumerable.Range(0, 16).Select(s => Fit(components, 3, new FastIcaOptions(Contrast.LogCosh, 1), (ulong)s).Kept.Contrast)];
        Assert.True(one.Max() > one.Min() * 1.004, $"one optimum: {string.Join(", ", one)}");
        for (ulong seed = 0; seed < 4; seed++)
        {
            FastIcaResult found = Fit(components, 3, new FastIcaOptions(Contrast.LogCosh, 8), seed);
            Assert.Equal(8, found.Starts.Count);
            Assert.Single(found.Starts, s => s.Kept);
            Assert.All(found.Starts, s => Assert.False(s.Screened));
            Assert.Equal(found.Starts.Max(s => s.Contrast), found.Kept.Contrast);
            Assert.InRange(found.Kept.Contrast, one.Max() * (1 - Tolerances.Contrast), one.Max() * (1 + Tolerances.Contrast));
        }
    }

    /// <summary>Blocked products and the polar factor against row by row and singular values, from one rotation to one end.</summary>
    [Theory]
    [InlineData(30, 6000)]
    [InlineData(45, 9000)]
    public void Run_InBlocks_EndsWhereRowsDo(int d, int n)
    {
        double[] components = Sources(d, n);
        FastIcaFixedPoint rows = new(components, d, n, Contrast.LogCosh, unchanged: true), blocks = new(components, d, n, Contrast.LogCosh, unchanged: false);
        FastIcaEnd expected = rows.Run(rows.Rotation(3, 0), FastIcaFixedPoint.MaximumIterations, default, TestContext.Current.CancellationToken);
        FastIcaEnd actual = blocks.Run(blocks.Rotation(3, 0), FastIcaFixedPoint.MaximumIterations, default, TestContext.Current.CancellationToken);
        Assert.True(expected.Converged && actual.Converged);
        for (int i = 0; i < d * d; i++)
            Assert.Equal(expected.Rotation[i], actual.Rotation[i], Tolerances.FastIca);
        Assert.InRange(actual.Contrast, expected.Contrast * (1 - Tolerances.Contrast), expected.Contrast * (1 + Tolerances.Contrast));
    }

    /// <summary>
    /// 300 dimensions with hardly more points, where nothing converges: minutes of singular values once. Eight starts are screened, one goes on until its
    /// contrast no longer grows, and whoever watches sees it.
    /// </summary>
    [Fact]
    public void Fit_OfManyDimensions_ScreensItsStartsAndEnds()
    {
        const int D = 300, N = 320;
        var components = new double[D * N];
        new PhiloxStream(1, NoisePurpose.TrainingPoints).FillNormal(components);
        List<double> seen = [];
        FastIcaResult found =
            FastIca.Fit(components, D, new FastIcaOptions(Contrast.LogCosh, 8), 1, 0, new FitProgress(seen.Add), TestContext.Current.CancellationToken);
        Assert.Equal(7, found.Starts.Count(s => s.Screened));
        Assert.True(found.Kept.Contrast >= found.Starts.Max(s => s.Contrast));
        Assert.InRange(found.Kept.Iterations, found.Starts.Where(s => s.Screened).Max(s => s.Iterations) + 1, FastIcaFixedPoint.MaximumIterations);
        Assert.Equal(seen.Order(), seen);
        Assert.True(seen.Count > 8 * 10 && seen[0] < 0.05 && seen[^1] == 1);
    }

    [Fact]
    public void Fit_WhenCancelledOnTheWay_Stops()
    {
        using var source = new CancellationTokenSource();
        int told = 0;
        Assert.Throws<OperationCanceledException>(() => FastIca.Fit(Sources(5, 2500), 5, new FastIcaOptions(Contrast.LogCosh, 8), 1, 0, new FitProgress(_ =>
        {
            if (++told == 3)
                source.Cancel();
        }), source.Token));
        Assert.Equal(3, told);
    }

    /// <summary>The expectation over a normal is what the sum over many normal numbers tends to.</summary>
    [Theory]
    [InlineData("logcosh")]
    [InlineData("exp")]
    [InlineData("cube")]
    public void Sum_OfNormalQuantiles_IsTheExpectation(string name)
    {
        Contrast contrast = Contrasts.Read(new ParameterValues(new JsonObject { ["contrast"] = name }));
        const int N = 100_000;
        double[] u = [.. Enumerable.Range(0, N).Select(i => StandardNormal.Quantile((i + 0.5) / N))];
        Assert.Equal(contrast.OfNormal(), contrast.Sum(u, new double[N]) / N, Tolerances.NormalQuantiles);
    }

    [Fact]
    public void Sum_OfFarPoints_DoesNotOverflow() => Assert.Equal(1e6 - Math.Log(2), Contrast.LogCosh.Sum([-1e6], new double[1]), Tolerances.RoundTrip);

    [Fact]
    public void RandomRotation_OfAnySeed_IsOrthogonalAndItsOwn()
    {
        double[] q = Rotations.Random(6, 5, 0);
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                double dot = Enumerable.Range(0, 6).Sum(k => q[(6 * i) + k] * q[(6 * j) + k]);
                Assert.Equal(i == j ? 1 : 0, dot, Tolerances.ReferenceRelative);
            }
        }

        Assert.NotEqual(q, Rotations.Random(6, 6, 0));
        Assert.NotEqual(q, Rotations.Random(6, 5, 1));
    }

    private static FastIcaResult Fit(double[] components, int d, FastIcaOptions options, ulong seed, int layer = 0) =>
        FastIca.Fit(components, d, options, seed, layer, default, TestContext.Current.CancellationToken);

    /// <summary>Whitened points of independent sources with two or three modes, one component after the other.</summary>
    private static double[] Sources(int d, int n)
    {
        var stream = new PhiloxStream(5, NoisePurpose.TrainingPoints);
        var x = new double[d * n];
        double[] mixing = Rotations.Random(d, 1, 0), s = new double[d];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++)
                s[j] = ((stream.NextInt(2 + (j % 2)) - 0.6) * (1 + (0.1 * (j % 5)))) + (0.2 * stream.NextNormal());
            for (int r = 0; r < d; r++)
            {
                for (int j = 0; j < d; j++)
                    x[(i * d) + r] += mixing[(r * d) + j] * s[j];
            }
        }

        var points = new PointSet(x, d);
        return Whitening.Fit(points).Components(points);
    }

    private static FittedPreprocessing Fit(PointSet training, string contrast, ulong seed) =>
        (FittedPreprocessing)PreprocessingTestKinds.Create("ica", $$"""{"contrast":"{{contrast}}"}""")
            .Fit(training, seed, TestContext.Current.CancellationToken);

    private static PointSet MixedSignals()
    {
        var x = new double[1000];
        for (int t = 0; t < 500; t++)
        {
            double s1 = Math.Sign(Math.Sin(0.37 * t)) + (0.1 * Math.Sin(1.7 * t));
            double fraction = 0.01 * t;
            double s2 = (2 * (fraction - Math.Floor(fraction))) - 1;
            x[2 * t] = s1 + (0.5 * s2);
            x[(2 * t) + 1] = (0.3 * s1) + (1.2 * s2);
        }

        return new PointSet(x, 2);
    }
}

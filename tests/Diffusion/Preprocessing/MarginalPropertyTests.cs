using FsCheck;
using FsCheck.Fluent;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>Gaussianize, then invert, is the identity; and the map increases: for columns of any shape.</summary>
public sealed class MarginalPropertyTests
{
    [Theory]
    [InlineData("\"isj-half\"")]
    [InlineData("\"silverman\"")]
    [InlineData("0.01")]
    public void Inverse_OfForwardOfAnyColumn_IsTheIdentity(string bandwidth) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Columns, column =>
        {
            var fitted = Fit(column, bandwidth);
            (double low, double high) = (column.Min(), column.Max());
            double mean = column.Average();
            double deviation = Math.Sqrt(column.Average(v => (v - mean) * (v - mean)));
            var stream = new PhiloxStream((ulong)column.Length, NoisePurpose.Bootstrap);
            double[] x = [.. column, .. Enumerable.Range(0, 300).Select(_ => low + ((high - low) * ((3 * stream.NextDouble()) - 1)))];
            var back = new double[x.Length];
            fitted.Forward(x, back);
            Assert.All(back, v => Assert.True(double.IsFinite(v)));
            fitted.Inverse(back, back);
            for (int i = 0; i < x.Length; i++)
                Assert.True(Math.Abs(back[i] - x[i]) <= Tolerances.RoundTrip * (Math.Abs(x[i]) + deviation), $"{x[i]:r} came back as {back[i]:r}");
        }));

    [Theory]
    [InlineData("\"isj-half\"")]
    [InlineData("0.01")]
    public void Inverse_OfAnyColumn_Increases(string bandwidth) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Columns, column =>
        {
            var fitted = Fit(column, bandwidth);
            double[] z = [.. Enumerable.Range(-5000, 10001).Select(i => i * 1.6e-3)];
            double size = column.Max(Math.Abs);
            fitted.Inverse(z, z);
            for (int i = 1; i < z.Length; i++)
                Assert.True(z[i] >= z[i - 1] - (1e-15 * size), $"{z[i - 1]:r}, then {z[i]:r}");
        }));

    private static FittedPreprocessing Fit(double[] column, string bandwidth) =>
        (FittedPreprocessing)PreprocessingTestKinds.Create("marginal", $$"""{"bandwidth":{{bandwidth}}}""")
            .Fit(new PointSet(column, 1), 1, TestContext.Current.CancellationToken);

    /// <summary>2 to 400 values: clusters, ties, outliers and offsets over many orders of magnitude; never all equal.</summary>
    private static Arbitrary<double[]> Columns => Gen.Choose(0, int.MaxValue).Select(seed =>
    {
        var stream = new PhiloxStream((ulong)seed, NoisePurpose.TrainingPoints);
        int n = 2 + stream.NextInt(400);
        int clusters = 1 + stream.NextInt(6);
        double[] centres = [.. Enumerable.Range(0, clusters).Select(_ => stream.NextNormal() * Math.Pow(10, (5 * stream.NextDouble()) - 2))];
        double[] widths = [.. Enumerable.Range(0, clusters).Select(_ => stream.NextInt(3) == 0 ? 0 : Math.Pow(10, (5 * stream.NextDouble()) - 4))];
        double offset = stream.NextInt(4) == 0 ? 1e6 : 0;
        double scale = stream.NextInt(4) == 0 ? 1e-8 : 1;
        var column = new double[n];
        for (int i = 0; i < n; i++)
        {
            int k = stream.NextInt(clusters);
            column[i] = offset + (scale * (centres[k] + (widths[k] * stream.NextNormal())));
        }

        column[0] = column[1] + Math.Max(1e-3 * scale, 1e-9 * offset);
        return column;
    }).ToArbitrary();
}

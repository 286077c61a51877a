using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Tests.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

public sealed class RoundTripErrorTests
{
    private static readonly PointSet Training = new(new PhiloxNoise(1).Initial(1000, 2, 3), 2);
    private static readonly PointSet Test = new(new PhiloxNoise(2).Initial(200, 2, 3), 2);

    [Theory]
    [InlineData("none")]
    [InlineData("whiten")]
    [InlineData("gaussianize")]
    public void Of_WhenTheMapIsUndone_IsRounding(string kind)
    {
        IFittedPreprocessing fitted = PreprocessingTestKinds.Create(kind).Fit(Training, 1, TestContext.Current.CancellationToken);
        Assert.InRange(RoundTripError.Of(fitted, Test, Training), 0, Tolerances.RoundTrip);
    }

    [Fact]
    public void Of_WhenPointsComeBackElsewhere_IsTheRootMeanSquareInStandardDeviations()
    {
        // Columns of standard deviations 1 and 10, off by 0.3 and 4 of their own units.
        var training = new PointSet([-1, 10, 1, -10], 2);
        Assert.Equal(Math.Sqrt(((0.3 * 0.3) + (0.4 * 0.4)) / 2), RoundTripError.Of(new Shifted([0.3, 4]), new PointSet([5, 6, 7, 8], 2), training),
            Tolerances.Divergence);
    }

    [Fact]
    public void Of_WhenAColumnDoesNotVary_CountsItInItsOwnUnit() =>
        Assert.Equal(0.5, RoundTripError.Of(new Shifted([0.5]), new PointSet([5, 6], 1), new PointSet([2, 2], 1)), Tolerances.Divergence);

    [Fact]
    public void Of_WhenAPointIsLost_IsNotANumber() =>
        Assert.Equal(double.NaN, RoundTripError.Of(new Shifted([double.PositiveInfinity]), new PointSet([5, 6], 1), new PointSet([1, 2], 1)));

    /// <summary>The identity, undone with an error in every column.</summary>
    private sealed class Shifted(double[] errors) : IFittedPreprocessing
    {
        public int Dimensions => errors.Length;

        public PreprocessingDiagnostics Diagnostics { get; } = new() { Converged = true, RoundTripError = 0, Warnings = [] };

        IReadOnlyList<double[]>? IFittedPreprocessing.AffineMatrices => null;

        bool IFittedPreprocessing.TryWriteInverse(ILayerWriter writer) => false;

        public void Forward(ReadOnlySpan<double> data, Span<double> latent) => data.CopyTo(latent);

        public void Inverse(ReadOnlySpan<double> latent, Span<double> data)
        {
            for (int i = 0; i < latent.Length; i++)
                data[i] = latent[i] + errors[i % errors.Length];
        }

        public void LogAbsDeterminant(ReadOnlySpan<double> data, Span<double> nats) => nats.Clear();

        public JsonObject Save() => [];
    }
}

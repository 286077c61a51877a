using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Diagnostics;

public sealed class ErrorDecompositionTests
{
    private static readonly IReadOnlyList<NoiseLevel> Fine = new EdmKarras().NativeGrid(150);

    [Fact]
    public void Measure_WhenTheModelIsExactAndTheGridFine_LeavesTheInitialisationAlone()
    {
        ErrorDecomposition result = Measure(modelStd: 1, Fine);

        Assert.Equal((0, 0), (result.Score, result.Discretisation));
        Assert.Equal((0, 0), (result.ScorePathError, result.DiscretisationPathError));

        // The flow of N(0, 1) scales by 1 / sqrt(1 + 80^2): points of size 1 end 1/80 apart.
        Assert.Equal(1 / Math.Sqrt(6401), result.InitialisationPathError, 2e-3);
    }

    [Fact]
    public void Measure_WhenTheModelIsTooWide_FindsTheScoreError()
    {
        ErrorDecomposition result = Measure(modelStd: 1.5, Fine);

        Assert.Equal(0, result.Discretisation);
        Assert.Equal(0.5, result.ScorePathError, 0.02);
        Assert.InRange(result.Score, 0.4, 0.6);
    }

    [Fact]
    public void Measure_OnACoarseGrid_FindsTheDiscretisationErrorAndAddsUp()
    {
        ErrorDecomposition result = Measure(modelStd: 1, new EdmKarras().NativeGrid(6));

        Assert.Equal(0, result.ScorePathError);
        Assert.True(result.DiscretisationPathError > 0.02);
        Assert.Equal(result.Distances[3] - result.Distances[0], result.Initialisation + result.Score + result.Discretisation, Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Measure_WhenTheGridsBeginApart_SaysWhatIsAllowed() =>
        Assert.Contains("allowed: NoiseLevel { Signal = 1, Noise = 40",
            Assert.Throws<ArgumentException>(() => Measure(1, new EdmKarras(sigmaMax: 40).NativeGrid(6))).Message, StringComparison.Ordinal);

    /// <summary>Truth N(0, 1); the distance is that of the standard deviation.</summary>
    private static ErrorDecomposition Measure(double modelStd, IReadOnlyList<NoiseLevel> grid)
    {
        double[] clean = new double[2000];
        new PhiloxStream(1, NoisePurpose.TestPoints).FillNormal(clean);
        return ErrorDecomposition.Measure(
            new Samplers.GaussianDenoiser(1, 1), new Samplers.GaussianDenoiser(modelStd, 1), new Heun(), grid, Fine, new PointSet(clean, 1), x =>
                Math.Abs(Math.Sqrt(x.Average(v => v * v)) - 1), 3);
    }
}

using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Training;
using Sweep.Tests.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Training;

public sealed class TrainingJobTests
{
    /// <summary>Columns 1, 3 (mean 2, variance 1) and 10, 16 (mean 13, variance 9): root mean square about 0 beside the root of the mean variance.</summary>
    [Theory]
    [InlineData(DataScale.RootMeanSquare, 91.5)]
    [InlineData(DataScale.StandardDeviation, 5)]
    public void SigmaData_ByScale_IsAboutZeroOrAboutEachMean(DataScale scale, double squared) =>
        Assert.Equal(Math.Sqrt(squared), Job([1, 10, 3, 16], scale).SigmaData, 1e-12);

    /// <summary>What docs/spec.md says of digits.</summary>
    [Theory]
    [InlineData(DataScale.RootMeanSquare, 0.475)]
    [InlineData(DataScale.StandardDeviation, 0.26)]
    public void SigmaData_OfDigits_IsWhatTheDocumentSays(DataScale scale, double expected)
    {
        PointSet digits = DatasetUnderTest.Create("digits").Draw(new SplitSizes(1400, 0, 0, 0), 1).Training;
        TrainingJob job = Job([.. digits.Values.Select(v => (float)v)], scale);
        Assert.Equal(expected, (job with { Shape = Jobs.Ring(1, dimensions: digits.Dimensions).Shape }).SigmaData, 0.005);
    }

    private static TrainingJob Job(float[] data, DataScale scale)
    {
        TrainingJob job = Jobs.Ring(1);
        return job with { Data = data, Design = job.Design with { Scale = scale } };
    }
}

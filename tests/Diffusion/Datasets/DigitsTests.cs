using Sweep.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Datasets;

public sealed class DigitsTests : DatasetConformance
{
    protected override IDataset Create() => DatasetUnderTest.Create("digits", """{"dimensions": 10}""");

    [Fact]
    public void Create_WithDefaults_IsAllTheImages()
    {
        var digits = (FileDataset)DatasetUnderTest.Create("digits");
        double[] training = digits.Draw(new SplitSizes(5000, 1, 1, 1), 1).Training.Values;

        Assert.Equal((1797, 1797, 64), (digits.RowCount, digits.DistinctRowCount, digits.Dimensions));
        Assert.All(training, v => Assert.InRange(v, 0, 1));
    }

    [Fact]
    public void Create_OfComponents_HasTheSpectrumOfThePixels()
    {
        // Eigenvalues of the covariance (n in the denominator) of the same file's pixels over 17, by NumPy 1.24.2; uniform noise adds 1 / (12 * 17^2) to each.
        double[] expected = [0.619056, 0.566182, 0.490344, 0.349634];
        double[] values = All(10);

        for (int k = 0; k < expected.Length; k++)
        {
            double[] column = [.. Enumerable.Range(0, values.Length / 10).Select(i => values[(i * 10) + k])];
            double mean = column.Average();
            Assert.Equal(expected[k] + (1 / (12 * 289.0)), column.Average(v => (v - mean) * (v - mean)), expected[k] * Tolerances.DequantizedSpectrum);
        }
    }

    [Fact]
    public void Create_WhenTheDefinitionSeedDiffers_GivesOtherNoiseBelowAPixelsLevel()
    {
        double[] a = All(64), b = All(64, 1);

        Assert.NotEqual(a, b);
        Assert.Equal(a.Select(v => (int)(17 * v)).Order(), b.Select(v => (int)(17 * v)).Order());
    }

    /// <summary>The rows of all sets, in one order for every seed of the definition.</summary>
    private static double[] All(int dimensions, int definitionSeed = 0)
    {
        DatasetSplit split = DatasetUnderTest.Create("digits", $$"""{"dimensions": {{dimensions}}, "definition_seed": {{definitionSeed}}}""")
            .Draw(new SplitSizes(5000, 5000, 5000, 5000), 1);
        return [.. split.Training.Values, .. split.Validation.Values, .. split.Test.Values, .. split.Fresh.Values];
    }
}

using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Numerics;

public sealed class CosineTransformTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100)]
    public void Forward_OfAnyLength_AgreesWithTheSum(int n)
    {
        var stream = new PhiloxStream(3, NoisePurpose.Bootstrap);
        var values = new double[n];
        stream.FillNormal(values);

        double[] fast = CosineTransform.Forward(values);

        for (int k = 0; k < n; k++)
        {
            double sum = 0;
            for (int j = 0; j < n; j++)
                sum += values[j] * Math.Cos(Math.PI * k * ((2 * j) + 1) / (2.0 * n));
            Assert.Equal(sum, fast[k], Tolerances.ReferenceRelative);
        }
    }

    /// <summary>scipy.fft.dct(type=2) / 2, SciPy 1.10.1.</summary>
    [Fact]
    public void Forward_OfSixValues_AgreesWithSciPy()
    {
        double[] expected = [10.75, -5.522799134095735, -1.5155444566227676, 4.065863991822648, -2.125, 9.503219966118401];

        double[] actual = CosineTransform.Forward([1, -2, 3.5, 0.25, 7, 1]);

        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], actual[k], Tolerances.ReferenceRelative);
    }
}

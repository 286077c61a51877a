using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Silo.Preparation;
using Xunit;

namespace Sweep.Tests.Silo.Preparation;

public sealed class CancellableDenoiserTests
{
    private static readonly PointSet Points = new(new PhiloxNoise(1).Initial(300, 3, 1), 3);

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(1000)]
    public void Denoise_WhateverTheNumberOfRows_IsTheInnerBitForBit(int rows)
    {
        double[] x = new PhiloxNoise(2).Initial(rows, 3, 1), expected = new double[x.Length], actual = new double[x.Length];
        new DeltaMixtureDenoiser(Points).Denoise(x, new NoiseLevel(0.8, 0.6), expected);
        new CancellableDenoiser(new DeltaMixtureDenoiser(Points), CancellationToken.None).Denoise(x, new NoiseLevel(0.8, 0.6), actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Denoise_WhenCancelledHalfway_StopsBetweenBlocksOfRows()
    {
        using var source = new CancellationTokenSource();
        var inner = new CancelsItself(source);
        var denoiser = new CancellableDenoiser(inner, source.Token);
        Assert.Throws<OperationCanceledException>(() => denoiser.Denoise(new double[10_000], NoiseLevel.Clean, new double[10_000]));
        Assert.InRange(inner.Rows, 1, 256);
    }

    /// <summary>Cancels on its first call.</summary>
    private sealed class CancelsItself(CancellationTokenSource source) : IDenoiser
    {
        public int Dimensions => 1;

        public int Rows { get; private set; }

        public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
        {
            Rows += x.Length;
            source.Cancel();
        }
    }
}

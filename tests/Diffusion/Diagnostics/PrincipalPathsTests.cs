using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;
using Gaussian = Sweep.Diffusion.Networks.Reference.GaussianDenoiser;

namespace Sweep.Tests.Diffusion.Diagnostics;

/// <summary>Paths of a Gaussian, whose flow, emergence and response are known in closed form.</summary>
public sealed class PrincipalPathsTests
{
    private static readonly double[] Variances = [9, 4, 1, 0.25];

    /// <summary>N((1, 2, 3, 4), diag(9, 4, 1, 0.25)), exactly: two points along each axis.</summary>
    private static readonly PointSet Training = new(
        [.. Enumerable.Range(0, 8).SelectMany(i => Enumerable.Range(0, 4)
            .Select(j => j + 1 + (i / 2 == j ? (i % 2 == 0 ? 2 : -2) * Math.Sqrt(Variances[j]) : 0)))], 4);

    private static readonly double[] Levels = [5, 2, 1, 0.3];

    [Fact]
    public void Of_Points_HasThePowersOfTwoOfTheirComponents()
    {
        PrincipalAxes axes = PrincipalAxes.Of(Training);
        Assert.Equal([1, 2, 4], axes.Places);
        Assert.Equal([9, 4, 0.25], axes.Variances, (a, b) => Math.Abs(a - b) < Tolerances.ReferenceRelative);
        Assert.Equal(1, Math.Abs(axes.Vectors[2][3]), Tolerances.ReferenceRelative);
        Assert.Equal([1, 2, 4, 8, 16, 32, 64], PrincipalAxes.PlacesOf(64));
        Assert.Equal([1], PrincipalAxes.PlacesOf(1));

        // The first two of all, whose sides don't depend on the eigenvectors' signs.
        PrincipalAxes plane = PrincipalAxes.Of(Training, [1, 2]);
        Assert.Equal(plane.Variances.Sum() / axes.Variances.Append(PrincipalAxes.Of(Training, [3]).Variances[0]).Sum(), plane.Explained,
            Tolerances.ReferenceRelative);
        Assert.All(plane.Vectors, vector => Assert.True(vector.MaxBy(Math.Abs) > 0));
    }

    /// <summary>
    /// x0-hat's share of the end and the response are sqrt((lambda + sigma_e^2) / (lambda + sigma^2)), so components emerge at sqrt(3 lambda + 4 sigma_e^2):
    /// in order, with slope 1. A variance-preserving schedule scales the same paths.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Measure_OfAGaussian_IsItsClosedForm(bool preserving)
    {
        ISchedule schedule = preserving ? new VpLinear() : new EdmKarras();
        PrincipalPaths found = Measure(Gaussian.Fit(Training), schedule);
        double last = NoiseRange.Of(schedule).SigmaMin;
        for (int k = 0; k < 3; k++)
        {
            double variance = found.Axes.Variances[k];
            double[] closed = [.. Levels.Select(s => PrincipalPaths.OfGaussian(variance, s, last))];

            // Heun's error on some 60 steps.
            Assert.All(closed.Zip(found.Emerged[k]), v => Assert.Equal(1, v.Second / v.First, 0.01));
            Assert.All(closed.Zip(found.Perturbed[k]), v => Assert.Equal(1, v.Second / v.First, 0.01));
            Assert.Equal(1, found.EmergenceSigmas[k]!.Value / Math.Sqrt((3 * variance) + (4 * last * last)), 0.02);
        }

        Assert.Equal(1, found.Order);
        Assert.Equal(1, found.Slope!.Value, 0.02);
    }

    /// <summary>The paths' share outside their plane, from the closed form of the flow; that of another's plane is most of it.</summary>
    [Fact]
    public void Measure_OfAGaussian_LeavesThePlaneByItsClosedForm()
    {
        var schedule = new EdmKarras();
        PrincipalPaths found = Measure(Gaussian.Fit(Training), schedule);
        NoiseLevel first = schedule.AtSigma(80);
        double[] initial = Initial(schedule);
        double[] outside = new double[Levels.Length], total = new double[Levels.Length];
        for (int row = 0; row < initial.Length / 4; row++)
        {
            double[] x = [.. Enumerable.Range(0, 4).Select(j => initial[(row * 4) + j] - j - 1)];
            double[] a = At(80), b = At(0.002);
            for (int i = 0; i < Levels.Length; i++)
            {
                double[] v = At(Levels[i]);

                // Least squares on a and b by the normal equations.
                double aa = Dot(a, a), bb = Dot(b, b), ab = Dot(a, b), va = Dot(v, a), vb = Dot(v, b), determinant = (aa * bb) - (ab * ab);
                double p = ((va * bb) - (vb * ab)) / determinant, q = ((vb * aa) - (va * ab)) / determinant;
                outside[i] += Enumerable.Range(0, 4).Sum(j => Math.Pow(v[j] - (p * a[j]) - (q * b[j]), 2));
                total[i] += Dot(v, v);
            }

            double[] At(double sigma) =>
                [.. x.Select((c, j) => c * Math.Sqrt((Variances[j] + (sigma * sigma)) / (Variances[j] + 6400)))];
        }

        Assert.Equal(80, first.Sigma, 1e-9);
        for (int i = 0; i < Levels.Length; i++)
            Assert.Equal(outside[i] / total[i], found.OutOfPlane[i], 2e-3);
        Assert.All(found.OutOfPlane, share => Assert.InRange(share, 0, 0.1));
        Assert.All(found.OutOfOthersPlane, share => Assert.InRange(share, 0.25, 0.75));

        static double Dot(double[] a, double[] b) => a.Zip(b, (u, v) => u * v).Sum();
    }

    /// <summary>The scaled identity's components all emerge at sqrt(3 tr / d), whatever the data's.</summary>
    [Fact]
    public void Measure_OfTheIdentity_HasNoSlope()
    {
        PrincipalPaths found = Measure(Gaussian.FitScaledIdentity(Training), new EdmKarras());
        Assert.Equal(0, found.Slope!.Value, 0.03);
        Assert.Equal(0, found.Order);
        Assert.All(found.EmergenceSigmas, s => Assert.Equal(1, s!.Value / Math.Sqrt(3 * 14.25 / 4), 0.02));
        Assert.All(found.OutOfPlane, share => Assert.InRange(share, 0, 1e-9));
    }

    /// <summary>An error that has nothing to do with the end changes no share: here one of twice the least component's size.</summary>
    [Fact]
    public void Measure_OfAModelWithErrorsOfItsOwn_FindsTheSameEmergence()
    {
        var schedule = new EdmKarras();
        PrincipalPaths found = Measure(new Erring(Gaussian.Fit(Training)), schedule);
        Assert.Equal(1, found.Order);
        Assert.All(found.EmergenceSigmas.Zip(found.Axes.Variances), p => Assert.Equal(1, p.First!.Value / Math.Sqrt(3 * p.Second), 0.1));
    }

    [Fact]
    public void Slope_OfEqualVariances_IsNone()
    {
        var square = new PointSet([1, 0, -1, 0, 0, 1, 0, -1], 2);
        var schedule = new EdmKarras();
        NoiseLevel first = schedule.AtSigma(80);
        PrincipalPaths found = PrincipalPaths.Measure(
            Gaussian.Fit(square), PrincipalAxes.Of(square), schedule, first, [schedule.AtSigma(1)], new PhiloxNoise(1).Initial(64, 2, 80), perturb: false,
            cancellation: TestContext.Current.CancellationToken);
        Assert.Null(found.Slope);
        Assert.Null(found.Order);
        Assert.Empty(found.Perturbed);
    }

    private static double[] Initial(ISchedule schedule)
    {
        NoiseLevel first = schedule.AtSigma(NoiseRange.Of(schedule).SigmaMax);
        return new PhiloxNoise(1).Initial(1024, 4, first.Noise);
    }

    private static PrincipalPaths Measure(IDenoiser denoiser, ISchedule schedule) => PrincipalPaths.Measure(
        denoiser, PrincipalAxes.Of(Training), schedule, schedule.AtSigma(NoiseRange.Of(schedule).SigmaMax), [.. Levels.Select(schedule.AtSigma)],
        Initial(schedule), cancellation: TestContext.Current.CancellationToken);

    /// <summary>Adds cos(4 |y| / sigma), which is even in the noise, to the last coordinate where there is much noise.</summary>
    private sealed class Erring(Gaussian inner) : IDenoiser
    {
        public int Dimensions => 4;

        public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
        {
            inner.Denoise(x, level, x0Hat);
            for (int row = 0; row < x.Length; row += 4)
            {
                double squared = 0;
                for (int j = 0; j < 4; j++)
                    squared += x[row + j] * x[row + j];
                x0Hat[row + 3] += level.Noise > 1 ? Math.Cos(4 * Math.Sqrt(squared) / level.Noise) : 0;
            }
        }
    }
}

using System.Diagnostics;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Training.Cuda;
using Sweep.Tests.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>Log-densities and sums of distances by the GPU's kernels, built for the host, against the processor's in double.</summary>
public class PackedMeasureTests
{
    public PackedMeasureTests() => HostBackend.Require();

    public static TheoryData<string> Densities() => ["ring", "grid", "random", "aniso", "product", "one", "product-1", "far"];

    [Theory]
    [MemberData(nameof(Densities))]
    public void TryLogDensity_OfEveryDensity_AgreesWithDouble(string name)
    {
        IDensity density = Density(name);
        int d = density.Dimensions;
        const int Rows = 300;
        double[] points = new double[Rows * d], expected = new double[Rows];
        NormalNoise.Fill(points, 7, NoisePurpose.InitialNoise, 0, 0, d);
        float[] narrow = Array.ConvertAll(points, v => (float)v), actual = new float[Rows];
        density.LogDensity(Array.ConvertAll(narrow, v => (double)v), expected);
        float[][] orders = [new float[Rows], new float[Rows], new float[Rows]];
        foreach (var order in (HostOrder[])[HostOrder.Ascending, HostOrder.Descending, HostOrder.Scattered])
        {
            using var backend = new HostBackend(order);
            using (var packed = PackedDensity.Create(backend, backend.Allocate, density)!)
            {
                Assert.True(packed.TryLogDensity(narrow.AsSpan(0, 5 * d), actual.AsSpan(0, 5)));
                Assert.True(packed.TryLogDensity(narrow, orders[(int)order]));
            }

            Assert.Equal(orders[(int)order].AsSpan(0, 5), actual.AsSpan(0, 5));
            Assert.Equal(orders[0], orders[(int)order]);
            Assert.Equal(0, backend.Allocated);
        }

        // The squared distance to the nearest component is about -2 log p where that is large.
        for (int i = 0; i < Rows; i++)
            Assert.Equal(expected[i], orders[0][i], Tolerances.PackedDensity * (1 + Math.Abs(expected[i])));
    }

    [Fact]
    public void TryLogDensity_OfWhatIsNoNumber_SaysSo()
    {
        using var backend = new HostBackend();
        using var packed = PackedDensity.Create(backend, backend.Allocate, Density("ring"))!;
        float[] nats = new float[3];
        Assert.False(packed.TryLogDensity([0, 0, float.NaN, 0, 1, 1], nats));
        Assert.True(float.IsFinite(nats[0]) && float.IsFinite(nats[2]));
        Assert.False(packed.TryLogDensity([0, 0, 3e38f, 0, 1, 1], nats));
        Assert.Throws<ArgumentException>(() => packed.TryLogDensity([0, 0, 0], nats));
    }

    [Fact]
    public void Create_OfWhatTheDeviceHasNot_IsNull()
    {
        using var backend = new HostBackend(sharedBytes: 48 << 10);
        Assert.Null(PackedDensity.Create(backend, backend.Allocate, Density("wide")));
        Assert.Null(PackedDensity.Create(backend, backend.Allocate, new Flat()));
        Assert.Null(PackedPairs.Sum(backend, backend.Allocate, new double[200], new double[200], 100));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(127, 64, 2)]
    [InlineData(129, 513, 3)]
    [InlineData(300, 700, 2)]
    [InlineData(40, 65, 20)]
    public void Sum_OfDistances_AgreesWithDouble(int rowsA, int rowsB, int dimensions)
    {
        double[] a = new double[rowsA * dimensions], b = new double[rowsB * dimensions];
        NormalNoise.Fill(a, 1, NoisePurpose.InitialNoise, 0, 0, dimensions);
        NormalNoise.Fill(b, 2, NoisePurpose.InitialNoise, 0, 0, dimensions);
        double expected = EnergyDistance.ScalarSum(a, b, dimensions), first = 0;
        foreach (var order in (HostOrder[])[HostOrder.Ascending, HostOrder.Descending, HostOrder.Scattered])
        {
            using var backend = new HostBackend(order);
            double sum = PackedPairs.Sum(backend, backend.Allocate, a, b, dimensions)!.Value;
            Assert.Equal(expected, sum, Tolerances.PackedDistance * expected);
            first = order == HostOrder.Ascending ? sum : first;
            Assert.Equal(first, sum);
            Assert.Equal(0, backend.Allocated);
        }
    }

    /// <summary>The energy distance is a small difference of large means: rounding must leave enough of it.</summary>
    [Fact]
    public void Sum_InAnEnergyDistance_LeavesItsDigits()
    {
        double[] a = new double[2000], b = new double[1600];
        NormalNoise.Fill(a, 1, NoisePurpose.InitialNoise, 0, 0, 2);
        NormalNoise.Fill(b, 2, NoisePurpose.InitialNoise, 0, 0, 2);
        using var backend = new HostBackend();
        double actual = EnergyDistance.UnbiasedOfSums(
            PackedPairs.Sum(backend, backend.Allocate, a, b, 2)!.Value, PackedPairs.Sum(backend, backend.Allocate, a, a, 2)!.Value, 1000, 800,
                EnergyDistance.WithinMean(b, 2));
        Assert.Equal(EnergyDistance.Unbiased(a, b, 2), actual, Tolerances.PackedDistance);
    }

    [Fact]
    public async Task Measure_UnderAThreadSanitizer_HasNoRaces()
    {
        Assert.SkipWhen(HostBackend.RaceCheck("measure") is null,
            "no compiler with a thread sanitizer when the tests were built: apt-get install libclang-rt-14-dev or g++");
        using var process = Process.Start(new ProcessStartInfo(HostBackend.RaceCheck("measure")!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["TSAN_OPTIONS"] = "exitcode=66" },
        })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), said = await errors;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(said.Contains("unexpected memory mapping", StringComparison.Ordinal), "the thread sanitizer doesn't work on this kernel");
        Assert.True(process.ExitCode == 0, $"exit {process.ExitCode}\n{said[..Math.Min(said.Length, 4000)]}");
        Assert.Equal("the same bits\n", output);
    }

    private static IDensity Density(string name)
    {
        int[] sizes = name switch { "random" => [5, 20], "aniso" => [6, 7], "wide" => [100, 1], "one" => [3, 1], _ => [2, 8] };
        double[] means = new double[sizes[0] * sizes[1]];
        NormalNoise.Fill(means, 3, NoisePurpose.InitialNoise, 0, 0, sizes[0]);
        double[] weights = [.. Enumerable.Range(1, sizes[1]).Select(k => (double)k)];
        return name switch
        {
            "ring" or "grid" or "random" or "one" or "wide" => GaussianMixture.Isotropic(weights, means, [.. weights.Select(w => 0.05 + (0.1 * w / sizes[1]))]),
            "far" => GaussianMixture.Isotropic(weights, [.. means.Select(m => 100 * m)], [.. weights.Select(w => 10 + w)]),
            "aniso" => GaussianMixture.Full(weights, means, Covariances(sizes[0], sizes[1])),
            _ => DatasetUnderTest.Create("gmm-product", name == "product" ? "{\"dimensions\": 4}" : "{\"dimensions\": 1}").Density!,
        };
    }

    /// <summary>B B^T + 0.1 I.</summary>
    private static double[] Covariances(int d, int count)
    {
        double[] factors = new double[d * d * count], covariances = new double[factors.Length];
        NormalNoise.Fill(factors, 4, NoisePurpose.InitialNoise, 0, 0, d);
        for (int k = 0; k < count; k++)
        {
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    double sum = i == j ? 0.1 : 0;
                    for (int m = 0; m < d; m++)
                        sum += factors[(((k * d) + i) * d) + m] * factors[(((k * d) + j) * d) + m];
                    covariances[(((k * d) + i) * d) + j] = sum;
                }
            }
        }

        return covariances;
    }

    private sealed class Flat : IDensity
    {
        public int Dimensions => 2;

        public void LogDensity(ReadOnlySpan<double> points, Span<double> nats) => nats.Clear();

        public void Score(ReadOnlySpan<double> points, Span<double> scores) => scores.Clear();
    }
}

using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training.Cuda;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>All of a trial's reverse steps by the GPU's kernels, built for the host, against the processor's sampler, preprocessing and densities.</summary>
public class PackedReverseTests
{
    private const ulong Seed = 21;

    private static readonly IDensity Density = GaussianMixture.Isotropic([1, 2], [0, 0.5, 1, -1], [0.5, 0.4]);

    public PackedReverseTests() => HostBackend.Require();

    public static TheoryData<string, string, string> Runs()
    {
        var data = new TheoryData<string, string, string>();
        foreach (string sampler in SamplerKinds.Registry.Names)
            data.Add(sampler, sampler is "euler" or "heun" or "edm-stochastic" ? "edm" : "vp-cosine", sampler is "ddim" or "ddpm" ? "gaussianize" : "whiten");
        data.Add("ddpm", "ve", "none");
        data.Add("ddim", "vp-linear", "standardize");
        return data;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Run_OfEverySampler_GivesTheProcessorsStates(string sampler, string schedule, string preprocessing)
    {
        Case run = Case.Of(sampler, schedule, preprocessing, steps: 25, rows: 70);
        List<(double[] Points, double[] Clean, double Nats, double CleanNats, int Evaluations)> expected = run.OnTheProcessor();
        using var backend = new HostBackend();
        using (var device = new PackedDenoiser(backend, backend.Allocate, run.Network))
        using (var density = PackedDensity.Create(backend, backend.Allocate, Density)!)
        using (IDeviceReverse reverse = device.Reverse(run.Reversal() with { Density = density })!)
        {
            int step = 0;
            double[] points = new double[run.Initial.Length], clean = new double[points.Length];
            foreach (DeviceState state in reverse.Run(TestContext.Current.CancellationToken))
            {
                var wanted = expected[step];
                Assert.Equal((step++, wanted.Evaluations), (state.Step, state.Evaluations));
                state.CopyPoints(points);
                state.CopyClean(clean);
                for (int i = 0; i < points.Length; i++)
                {
                    Assert.Equal(wanted.Points[i], points[i], Tolerances.DeviceState * (1 + Math.Abs(wanted.Points[i])));
                    Assert.Equal(wanted.Clean[i], clean[i], Tolerances.DeviceState * (1 + Math.Abs(wanted.Clean[i])));
                }

                Assert.Equal(wanted.Nats, state.Nats!.Value, Tolerances.DeviceStateNats * (1 + (0.001 * Math.Abs(wanted.Nats))));
                Assert.Equal(wanted.CleanNats, state.CleanNats!.Value, Tolerances.DeviceStateNats);
            }

            Assert.Equal(expected.Count, step);
        }

        Assert.Equal(0, backend.Allocated);
        Assert.DoesNotContain(backend.Kernels.Keys, k => k.StartsWith("forward_", StringComparison.Ordinal));
    }

    /// <summary>Every placement of the network, odd numbers of everything.</summary>
    [Theory]
    [InlineData(1, 5, 1, 3)]
    [InlineData(3, 17, 2, 65)]
    [InlineData(7, 64, 2, 40)]
    [InlineData(2, 100, 3, 70)]
    [InlineData(4, 256, 1, 20)]
    [InlineData(70, 20, 1, 33)]
    [InlineData(2, 300, 1, 130)]
    public void Run_OfEveryShapeWithThreadsInAnyOrder_GivesTheProcessorsStates(int dimensions, int width, int layers, int rows)
    {
        Case run = Case.Of("ddpm", "vp-cosine", "whiten", steps: 6, rows, dimensions, width, layers);
        double[] expected = run.OnTheProcessor(density: false)[^1].Points, first = new double[expected.Length];
        foreach (var order in (HostOrder[])[HostOrder.Ascending, HostOrder.Descending, HostOrder.Scattered])
        {
            using var backend = new HostBackend(order);
            using var device = new PackedDenoiser(backend, backend.Allocate, run.Network);
            using IDeviceReverse reverse = device.Reverse(run.Reversal())!;
            double[] points = new double[expected.Length];
            foreach (DeviceState state in reverse.Run(TestContext.Current.CancellationToken).Where(s => s.Step == 6))
                state.CopyPoints(points);
            for (int i = 0; i < points.Length; i++)
                Assert.Equal(expected[i], points[i], Tolerances.DeviceState * (1 + Math.Abs(expected[i])));
            first = order == HostOrder.Ascending ? points : first;
            Assert.Equal(first, points);
        }
    }

    /// <summary>More states than there is room for: several launches, each from where the last one left off; and next to nothing comes back.</summary>
    [Fact]
    public void Run_OfManyPoints_TakesSeveralLaunchesAndCopiesNoPoints()
    {
        Case run = Case.Of("dpmpp-3m", "vp-cosine", "gaussianize", steps: 20, rows: 20_000, width: 4, layers: 1);
        double[] expected = run.OnTheProcessor(density: false)[^1].Points, points = new double[expected.Length];
        using var backend = new HostBackend();
        using var device = new PackedDenoiser(backend, backend.Allocate, run.Network);
        using var density = PackedDensity.Create(backend, backend.Allocate, Density)!;
        using IDeviceReverse reverse = device.Reverse(run.Reversal() with { Density = density })!;
        int states = 0;
        foreach (DeviceState state in reverse.Run(TestContext.Current.CancellationToken))
        {
            if (++states == 21)
                state.CopyPoints(points);
        }

        Assert.Equal(4, backend.Kernels["sample_16"]);
        Assert.InRange(backend.Downloaded, points.Length * sizeof(double), (points.Length * sizeof(double)) + (2 * 21 * 160 * sizeof(double)));

        for (int i = 0; i < points.Length; i++)
            Assert.Equal(expected[i], points[i], Tolerances.DeviceState * (1 + Math.Abs(expected[i])));
    }

    [Fact]
    public void DistanceSums_OfTheLastState_AreThoseOfItsPoints()
    {
        Case run = Case.Of("ddim", "vp-cosine", "whiten", steps: 5, rows: 150);
        double[] others = run.Initial.AsSpan(0, 80).ToArray(), points = new double[run.Initial.Length];
        using var backend = new HostBackend();
        using var device = new PackedDenoiser(backend, backend.Allocate, run.Network);
        using IDeviceReverse reverse = device.Reverse(run.Reversal())!;
        Assert.Throws<InvalidOperationException>(() => reverse.DistanceSums(others));
        foreach (DeviceState state in reverse.Run(TestContext.Current.CancellationToken))
            state.CopyPoints(points);
        (double cross, double own) = reverse.DistanceSums(others)!.Value;
        double wantedCross = EnergyDistance.ScalarSum(points, others, 2), wantedOwn = EnergyDistance.ScalarSum(points, points, 2);
        Assert.Equal(wantedCross, cross, Tolerances.PackedDistance * wantedCross);
        Assert.Equal(wantedOwn, own, Tolerances.PackedDistance * wantedOwn);
    }

    [Fact]
    public void Run_OfPointsThatAreNoNumber_HasNoMeanAndLeavesTheOthersAlone()
    {
        Case run = Case.Of("ddim", "vp-cosine", "whiten", steps: 5, rows: 40);
        run.Initial[6] = double.NaN;
        using var backend = new HostBackend();
        using var device = new PackedDenoiser(backend, backend.Allocate, run.Network);
        using var density = PackedDensity.Create(backend, backend.Allocate, Density)!;
        using IDeviceReverse reverse = device.Reverse(run.Reversal() with { Density = density })!;
        double[] points = new double[80];
        foreach (DeviceState state in reverse.Run(TestContext.Current.CancellationToken))
        {
            Assert.Null(state.Nats);
            Assert.Null(state.CleanNats);
            state.CopyPoints(points);
            Assert.Equal([6, 7], Enumerable.Range(0, 80).Where(i => double.IsNaN(points[i])));
        }
    }

    [Fact]
    public void Reverse_OfWhatTheDeviceCannot_IsNull()
    {
        Case run = Case.Of("ddim", "vp-cosine", "whiten", steps: 5, rows: 40);
        using var backend = new HostBackend();
        using (var device = new PackedDenoiser(backend, backend.Allocate, run.Network))
        {
            Assert.Null(device.Reverse(run.Reversal() with { Sampler = new Clipping() }));
            Assert.Null(device.Reverse(run.Reversal() with { Fitted = new Foreign(run.Reversal().Fitted) }));
            Assert.Throws<ArgumentException>(() => device.Reverse(run.Reversal() with { Initial = [1] }));
        }

        Assert.Equal(0, backend.Allocated);
    }

    /// <summary>Out of memory wherever it happens leaves nothing behind.</summary>
    [Fact]
    public void Reverse_WhenMemoryRunsOut_LeavesNothingBehind()
    {
        Case run = Case.Of("ddim", "vp-cosine", "whiten", steps: 5, rows: 40);
        bool enough = false;
        for (long bytes = 4_000; !enough; bytes += 3_000)
        {
            using var backend = new HostBackend(memoryBytes: bytes);
            try
            {
                using var device = new PackedDenoiser(backend, backend.Allocate, run.Network);
                using IDeviceReverse? reverse = device.Reverse(run.Reversal());
                enough = true;
            }
            catch (DeviceMemoryException)
            {
            }

            Assert.Equal(0, backend.Allocated);
        }
    }

    /// <summary>A run, with a network whose output is no small matter.</summary>
    private sealed class Case
    {
        public required TrainedNetwork Network { get; init; }

        public required double[] Initial { get; init; }

        public required ISampler Sampler { get; init; }

        public required IReadOnlyList<NoiseLevel> Grid { get; init; }

        public required IFittedPreprocessing Fitted { get; init; }

        public static Case Of(string sampler, string schedule, string preprocessing, int steps, int rows, int dimensions = 2, int width = 16, int layers = 2)
        {
            var shape = new MlpShape(dimensions, MlpShape.DefaultTimeFeatures, width, layers, Activation.Silu);
            float[] weights = InitialWeights.Draw(shape, 11);
            var stream = new PhiloxStream(1, NoisePurpose.Bootstrap);
            foreach (ref float w in weights.AsSpan(MlpLayout.For(shape).OutputWeight.Offset))
                w = (float)(0.2 / Math.Sqrt(width / 8.0) * stream.NextNormal());
            var network = new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.Edm, SigmaData = 1.3, Weights = weights };
            ISchedule levels = schedule switch { "edm" => new EdmKarras(), "ve" => new VeGeometric(), "vp-linear" => new VpLinear(), _ => new VpCosine() };
            IReadOnlyList<NoiseLevel> grid = levels.NativeGrid(steps);
            double[] training = new double[400 * dimensions], initial = new double[rows * dimensions];
            NormalNoise.Fill(training, 5, NoisePurpose.TrainingPoints, 0, 0, dimensions);
            for (int i = 0; i < training.Length; i++)
                training[i] = (1.5 * training[i]) + (i % dimensions is 0 && training[i] > 0.3 ? 2 : 0.5) + (i % dimensions > 0 ? 0.4 * training[i - 1] : 0);
            NormalNoise.Fill(initial, 3, NoisePurpose.InitialNoise, 0, 0, dimensions);
            for (int i = 0; i < initial.Length; i++)
                initial[i] *= grid[0].Noise;
            var points = new PointSet(training, dimensions);
            using var cpu = network.CreateDenoiser();
            return new Case
            {
                Network = network,
                Initial = initial,
                Grid = grid,
                Sampler = Create(SamplerKinds.Registry, sampler)
                    .Prepare(new SamplerPreparation { Denoiser = cpu, Grid = grid, Training = points, Seed = Seed }),
                Fitted = Create(PreprocessingKinds.Registry, preprocessing).Fit(points, Seed, CancellationToken.None),
            };
        }

        public DeviceReversal Reversal() => new() { Sampler = Sampler, Grid = Grid, Initial = Initial, Seed = Seed, Fitted = Fitted };

        public List<(double[] Points, double[] Clean, double Nats, double CleanNats, int Evaluations)> OnTheProcessor(bool density = true)
        {
            using var cpu = Network.CreateDenoiser();
            List<(double[], double[], double, double, int)> states = [];
            foreach (ReverseState state in Sampler.Sample(cpu, Grid, Initial, new PhiloxNoise(Seed)))
            {
                double[] points = new double[Initial.Length], clean = new double[Initial.Length];
                Fitted.Inverse(state.X, points);
                Fitted.Inverse(state.X0Hat, clean);
                states.Add((points, clean, density ? Mean(points) : 0, density ? Mean(clean) : 0, state.Evaluations));
            }

            return states;
        }

        /// <summary>By name, with defaults but few points to measure.</summary>
        private static T Create<T>(KindRegistry<T> registry, string name)
            where T : class
        {
            Assert.True(registry.TryGet(name, out Kind<T>? kind), name);
            var values = new JsonObject();
            foreach (Parameter parameter in kind.Parameters)
                values[parameter.Name] =
                    parameter.Name switch { "statistics_levels" => 64, "statistics_points" => 64, _ => parameter.DefaultValue?.DeepClone() };
            return registry.Create(name, new ParameterValues(values));
        }

        private static double Mean(double[] points)
        {
            double[] nats = new double[points.Length / 2];
            Density.LogDensity(points, nats);
            return nats.Average();
        }
    }

    /// <summary>A sampler that looks at its points.</summary>
    private sealed class Clipping : ISampler
    {
        public IEnumerable<ReverseState> Sample(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, double[] initial, ISamplerNoise noise)
        {
            foreach (ReverseState state in new Ddim().Sample(denoiser, grid, initial, noise))
            {
                yield return state;
                for (int i = 0; i < state.X.Length; i++)
                    state.X0Hat[i] = Math.Clamp(state.X0Hat[i], -0.9, 0.9);
            }
        }
    }

    private sealed class Foreign(IFittedPreprocessing inner) : IFittedPreprocessing
    {
        public int Dimensions => inner.Dimensions;

        public PreprocessingDiagnostics Diagnostics => inner.Diagnostics;

        IReadOnlyList<double[]>? IFittedPreprocessing.AffineMatrices => null;

        bool IFittedPreprocessing.TryWriteInverse(ILayerWriter writer) => false;

        public void Forward(ReadOnlySpan<double> data, Span<double> latent) => inner.Forward(data, latent);

        public void Inverse(ReadOnlySpan<double> latent, Span<double> data) => inner.Inverse(latent, data);

        public void LogAbsDeterminant(ReadOnlySpan<double> data, Span<double> nats) => inner.LogAbsDeterminant(data, nats);

        public JsonObject Save() => inner.Save();
    }
}

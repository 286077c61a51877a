using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

/// <summary>What ISampler promises, for any implementation.</summary>
public abstract class SamplerConformance
{
    private const double DataStd = 0.5;

    protected abstract ISampler Sampler { get; }

    /// <summary>The most terms of an evaluation on the tape of N steps; more for a sampler that remembers more than answers of the model.</summary>
    protected virtual int TapeTerms(int steps) => 6;

    public static TheoryData<ISchedule> Schedules => [new VpLinear(), new VpCosine(), new VeGeometric(), new EdmKarras()];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Sample_WhenGridHasNSteps_YieldsNPlusOneStates(ISchedule schedule)
    {
        var denoiser = new GaussianDenoiser(DataStd, 2);
        IReadOnlyList<NoiseLevel> grid = schedule.NativeGrid(40);
        double[] initial = Noise(64, grid[0].Noise);
        double[] before = [.. initial];
        int expected = 0;
        foreach (ReverseState state in Prepared(denoiser, grid).Sample(denoiser, grid, initial, new StreamNoise(1)))
        {
            Assert.Equal(expected, state.Step);
            Assert.Equal(grid[expected], state.Level);
            if (expected == 0)
                Assert.Equal(before, state.X);
            if (expected == grid.Count - 1)
                Assert.Equal(state.X, state.X0Hat);
            expected++;
        }

        Assert.Equal(grid.Count, expected);
        Assert.Equal(before, initial);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Sample_WhenTheDenoiserIsExact_EndsAtTheDataDistribution(ISchedule schedule)
    {
        const int samples = 20_000;
        var denoiser = new GaussianDenoiser(DataStd, 1);
        IReadOnlyList<NoiseLevel> grid = schedule.NativeGrid(1000);
        double[] last = Prepared(denoiser, grid).Sample(denoiser, grid, Noise(samples, grid[0].Noise), new StreamNoise(2)).Last().X;
        double std = Math.Sqrt(last.Sum(v => v * v) / samples);

        // Sampling error of a standard deviation over 20,000 draws is 0.5 %; first-order discretisation in 1,000 steps leaves less than 1 %.
        Assert.Equal(DataStd, std, Tolerances.SampledStandardDeviation * DataStd);
    }

    [Fact]
    public void Sample_WhenDataAreAMixture_HasItsMoments()
    {
        const int samples = 10_000;
        var mixture = new MixtureFlow([0.3, 0.7], [-1.2, 0.6], [0.2, 0.3]);
        IReadOnlyList<NoiseLevel> grid = new GeometricGrid().Levels(new EdmKarras(), 400);
        double[] x = Prepared(mixture, grid).Sample(mixture, grid, Noise(samples, 80), new StreamNoise(3)).Last().X;
        double mean = x.Average();
        double std = Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / samples);

        // 0.3 (-1.2) + 0.7 (0.6) = 0.06; 0.3 (0.04 + 1.26^2) + 0.7 (0.09 + 0.54^2) = 0.7554. The share of the left mode beside them.
        Assert.Equal(0.06, mean, Tolerances.SampledStandardDeviation);
        Assert.Equal(Math.Sqrt(0.7554), std, Tolerances.SampledStandardDeviation);
        Assert.Equal(0.3, x.Count(v => v < -0.4) / (double)samples, Tolerances.SampledStandardDeviation);
    }

    [Fact]
    public void Sample_WhenRunTwice_GivesTheSameBits()
    {
        IReadOnlyList<NoiseLevel> grid = new VpLinear().NativeGrid(50);
        double[] Run()
        {
            var denoiser = new GaussianDenoiser(DataStd, 2);
            return [.. Prepared(denoiser, grid).Sample(denoiser, grid, Noise(32, 1), new StreamNoise(3)).Last().X];
        }


        Assert.Equal(Run(), Run());
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Sample_WhenAStateIsYielded_ItsX0HatIsTheDenoisers(ISchedule schedule)
    {
        var denoiser = new GaussianDenoiser(DataStd, 2);
        IReadOnlyList<NoiseLevel> grid = schedule.NativeGrid(25);
        double[] initial = Noise(8, grid[0].Noise);
        var expected = new double[initial.Length];
        foreach (ReverseState state in Prepared(denoiser, grid).Sample(denoiser, grid, initial, new StreamNoise(5)))
        {
            denoiser.Denoise(state.X, state.Level, expected);
            Assert.Equal(expected, state.X0Hat);
        }
    }

    /// <summary>
    /// What a device is told of a sampler: no more than a few terms an evaluation, and the states that the sampler itself comes to, with a model that is not
    /// linear.
    /// </summary>
    [Theory]
    [MemberData(nameof(Schedules))]
    public void Tape_OfEverySchedule_LeadsToTheSameStates(ISchedule schedule)
    {
        var mixture = new ExactDenoiser(GaussianMixture.Isotropic([1, 2, 1], [-1.2, 0.5, 0, 0.6, -0.4, 0, 0.3, 0.3, 1], [0.2, 0.3, 0.5]));
        IReadOnlyList<NoiseLevel> grid = schedule.NativeGrid(30);
        ISampler prepared = Prepared(mixture, grid);
        SamplerTape tape = SamplerTape.Record(prepared, grid, 3)!;
        Assert.NotNull(tape);
        Assert.All(tape.Evaluations, e => Assert.InRange(e.Terms.Count, 1, TapeTerms(30)));
        double[] initial = Noise(30, grid[0].Noise);
        using IEnumerator<ReverseState> played = tape.Play(mixture, initial, new StreamNoise(6)).GetEnumerator();
        foreach (ReverseState state in prepared.Sample(mixture, grid, initial, new StreamNoise(6)))
        {
            Assert.True(played.MoveNext());
            Assert.Equal((state.Step, state.Level, state.Evaluations), (played.Current.Step, played.Current.Level, played.Current.Evaluations));
            for (int i = 0; i < initial.Length; i++)
            {
                Assert.Equal(state.X[i], played.Current.X[i], Tolerances.TapeOfASampler * (1 + Math.Abs(state.X[i])));
                Assert.Equal(state.X0Hat[i], played.Current.X0Hat[i], Tolerances.TapeOfASampler * (1 + Math.Abs(state.X0Hat[i])));
            }
        }

        Assert.False(played.MoveNext());
    }

    /// <summary>One that adds noise says which deterministic sampler stands for it: error decompositions compare paths.</summary>
    [Fact]
    public void Twin_Always_AddsNoNoise()
    {
        var denoiser = new GaussianDenoiser(DataStd, 2);
        IReadOnlyList<NoiseLevel> grid = new EdmKarras().NativeGrid(25);
        ISampler deterministic = (Sampler.Twin?.Sampler ?? Sampler).Prepare(Preparation(denoiser, grid));
        _ = deterministic.Sample(denoiser, grid, Noise(16, grid[0].Noise), new NoNoise()).Last();
        if (Sampler.Twin is { } twin)
        {
            Assert.NotEmpty(twin.Name);
            Assert.Throws<InvalidOperationException>(() => Prepared(denoiser, grid).Sample(denoiser, grid, Noise(16, grid[0].Noise), new NoNoise()).Last());
        }
    }

    [Fact]
    public void Sample_WhenTheGridAscends_Refuses()
    {
        NoiseLevel[] grid = [new(1, 0.1), new(1, 0.2)];
        Assert.Throws<ArgumentException>(() => Sampler.Sample(new GaussianDenoiser(1, 1), grid, [0.0], new StreamNoise(4)).ToList());
    }

    /// <summary>The sampler made ready, as its contract asks, with training points of N(0, 0.25 I).</summary>
    protected ISampler Prepared(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid) => Sampler.Prepare(Preparation(denoiser, grid));

    private static SamplerPreparation Preparation(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid) => new()
    {
        Denoiser = denoiser,
        Grid = grid,
        Training = new PointSet(Noise(500 * denoiser.Dimensions, DataStd), denoiser.Dimensions),
        Seed = 4,
    };

    private sealed class NoNoise : ISamplerNoise
    {
        public void Fill(int step, int dimensions, Span<double> noise) => throw new InvalidOperationException("noise");
    }

    protected static double[] Noise(int count, double scale)
    {
        var values = new double[count];
        new PhiloxStream(99, NoisePurpose.InitialNoise).FillNormal(values);
        for (int i = 0; i < count; i++)
            values[i] *= scale;
        return values;
    }
}

using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Grains.Specs;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Diffusion.Kinds;

/// <summary>
/// What a spec may say works: every number of every kind and section at both ends of its declared range, the others at their defaults, sampled with the exact
/// score where there is one. What can't work isn't allowed.
/// </summary>
public sealed class ParameterEndsTests
{
    private const int Samples = 64, Steps = 60;

    /// <summary>
    /// Samples are at most this many times as far out as the data's farthest coordinate, or the noise they came from. An end may well be bad (noise ten times
    /// what it should be, a grid that jumps), but a sampler that runs away gets to 1e28 or 1e282.
    /// </summary>
    private const double Farthest = 10;

    /// <summary>What a value needs beside it, where the defaults contradict it: a schedule's least noise is below its most.</summary>
    private static readonly Dictionary<(string Kind, string Parameter, End End), (string Name, double Value)> Beside = new()
    {
        [("vp-linear", "beta_min", End.High)] = ("beta_max", VpLinear.LargestBeta),
        [("vp-linear", "beta_max", End.Low)] = ("beta_min", VpLinear.SmallestBeta),
        [("ve", "sigma_min", End.High)] = ("sigma_max", ScheduleArguments.LargestSigma),
        [("ve", "sigma_max", End.Low)] = ("sigma_min", ScheduleArguments.SmallestSigma),
        [("edm", "sigma_min", End.High)] = ("sigma_max", ScheduleArguments.LargestSigma),
        [("edm", "sigma_max", End.Low)] = ("sigma_min", ScheduleArguments.SmallestSigma),
        [("edm-stochastic", "s_tmin", End.High)] = ("s_tmax", 1e6),
        [("edm-stochastic", "s_tmax", End.Low)] = ("s_tmin", 0),
    };

    public enum End
    {
        Low,
        High,
    }

    public static TheoryData<string, string, End> Schedules => Ends(ScheduleKinds.Registry);

    public static TheoryData<string, string, End> Samplers => Ends(SamplerKinds.Registry);

    public static TheoryData<string, string, End> Grids => Ends(GridKinds.Registry);

    public static TheoryData<string, string, End> Preprocessings => Ends(PreprocessingKinds.Registry);

    public static TheoryData<string, string, End> Datasets => Ends(DatasetKinds.Registry);

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Sample_AtAnEndOfASchedulesRange_StaysWithTheData(string kind, string parameter, End end)
    {
        ISchedule schedule = Create(ScheduleKinds.Registry, kind, parameter, end);
        foreach (Kind<ISampler> sampler in SamplerKinds.Registry.Kinds)
            Sample(Ring(), schedule, Default(GridKinds.Registry, "uniform-log-snr"), Default(SamplerKinds.Registry, sampler.Name));
        foreach (Kind<IGrid> grid in GridKinds.Registry.Kinds)
            Sample(Ring(), schedule, Default(GridKinds.Registry, grid.Name), new Ddim());
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void Sample_AtAnEndOfASamplersRange_StaysWithTheData(string kind, string parameter, End end)
    {
        if (parameter is "statistics_levels" or "statistics_points" && end == End.High)
        {
            // It only takes longer: on a line, with one Gaussian and little of the other.
            (string, double) little = parameter == "statistics_levels" ? ("statistics_points", 16) : ("statistics_levels", DpmSolverV3.FewestLevels);
            var values = new JsonObject { ["dimensions"] = 1, ["components"] = 1, ["std"] = 0.3, ["definition_seed"] = 0 };
            Sample(DatasetKinds.Registry.Create("gmm-random", new ParameterValues(values)), new VpLinear(), new NativeGrid(),
                Create(SamplerKinds.Registry, kind, parameter, end, little));
            return;
        }

        ISampler sampler = Create(SamplerKinds.Registry, kind, parameter, end);
        foreach (Kind<ISchedule> schedule in ScheduleKinds.Registry.Kinds)
        {
            foreach (string grid in new[] { "native", "karras", "geometric" })
                Sample(Ring(), Default(ScheduleKinds.Registry, schedule.Name), Default(GridKinds.Registry, grid), sampler);
        }
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void Sample_AtAnEndOfAGridsRange_StaysWithTheData(string kind, string parameter, End end)
    {
        foreach (Kind<ISchedule> schedule in ScheduleKinds.Registry.Kinds)
            Sample(Ring(), Default(ScheduleKinds.Registry, schedule.Name), Create(GridKinds.Registry, kind, parameter, end),
                Default(SamplerKinds.Registry, "dpmpp-2m"));
    }

    /// <summary>Not all are affine, so the score is that of a Gaussian in latent space.</summary>
    [Theory]
    [MemberData(nameof(Preprocessings))]
    public void Sample_AtAnEndOfAPreprocessingsRange_StaysWithTheData(string kind, string parameter, End end)
    {
        PointSet training = Ring().Draw(new SplitSizes(200, 1, 1, 1), 1).Training;
        IFittedPreprocessing fitted = Create(PreprocessingKinds.Registry, kind, parameter, end).Fit(training, 1, TestContext.Current.CancellationToken);
        var latent = new PointSet(new double[training.Values.Length], training.Dimensions);
        fitted.Forward(training.Values, latent.Values);
        double[] samples = Run(GaussianDenoiser.Fit(latent), latent, Default(ScheduleKinds.Registry, "vp-linear"), new NativeGrid(), new Ddim());
        fitted.Inverse(samples, samples);
        AssertWithin(samples, training.Values, 0);
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Sample_AtAnEndOfADatasetsRange_StaysWithTheData(string kind, string parameter, End end)
    {
        using Scratch scratch = new();
        IDataset dataset;
        if (kind == "file")
        {
            string path = Path.Combine(scratch.Path, "points.csv");
            File.WriteAllLines(path, ["a,b", .. Enumerable.Range(0, 40).Select(i => $"{i % 7},{i * i % 11}")]);
            dataset = Create(DatasetKinds.Registry, kind, parameter, end, null, ("path", path));
        }
        else if (parameter == "dimensions" && end == End.High && kind is "gmm-aniso" or "gmm-product")
        {
            // 1024 only take longer, by their cube: minutes.
            JsonObject values = Defaults(DatasetKinds.Registry, kind);
            values["dimensions"] = 100;
            dataset = DatasetKinds.Registry.Create(kind, new ParameterValues(values));
        }
        else
        {
            dataset = Create(DatasetKinds.Registry, kind, parameter, end);
        }

        DatasetSplit split = dataset.Draw(new SplitSizes(200, 10, 50, 50), 1);
        Assert.All(split.Training.Values, v => Assert.True(double.IsFinite(v)));
        if (dataset.Density is { } density)
        {
            double[] nats = new double[split.Test.Count];
            density.LogDensity(split.Test.Values, nats);
            Assert.All(nats, v => Assert.True(double.IsFinite(v)));
        }

        // In units of its standard deviation, as a spec would standardize it: noise levels are for that.
        double scale = Math.Sqrt(split.Training.Values.Average(v => v * v));
        IDenoiser exact = dataset.Density is INoisableDensity noisable && noisable.Noised(new NoiseLevel(1, 1)) is not null
            ? new ExactDenoiser(noisable) : GaussianDenoiser.Fit(split.Training);
        foreach (string sampler in new[] { "ddpm", "dpmpp-2m" })
            AssertWithin(Run(exact, split.Training, new EdmKarras(0.002 * scale, 80 * scale), new NativeGrid(), Default(SamplerKinds.Registry, sampler)),
                split.Training.Values, 0);
    }

    /// <summary>Untrained networks of every size, at noise levels from end to end.</summary>
    [Theory]
    [InlineData("hidden_layers")]
    [InlineData("time_features")]
    [InlineData("width")]
    public void Denoise_AtAnEndOfANetworksRange_IsFinite(string key)
    {
        Parameter parameter = SpecSections.Network.Keys.Single(k => k.Name == key).Parameter;
        foreach (double value in new[] { parameter.Minimum, parameter.Maximum })
        {
            int Value(string name, int otherwise) => name == key ? (int)value : otherwise;
            NetworkShape shape = NetworkKinds.Create(NetworkKinds.Mlp, 2, Value("time_features", 32), Math.Min(Value("width", 16), MlpShape.FusedWidth),
                Value("hidden_layers", 2), Activation.Silu);
            using ITrainedDenoiser denoiser = new TrainedNetwork { Shape = shape, Parametrisation = Parametrisation.Epsilon, SigmaData = 1,
                Weights = shape.DrawWeights(1, TestContext.Current.CancellationToken) }.CreateDenoiser();
            foreach (double sigma in new[] { ScheduleArguments.SmallestSigma, 1, ScheduleArguments.LargestSigma })
            {
                double[] x0Hat = new double[2];
                denoiser.Denoise([1, -2], ScheduleArguments.VariancePreserving(sigma), x0Hat);
                Assert.All(x0Hat, v => Assert.True(double.IsFinite(v)));
            }
        }
    }

    /// <summary>Fitted mixtures of one Gaussian and of many, the exact score with no error and with one ten times its size.</summary>
    [Theory]
    [InlineData("components")]
    [InlineData("score_error")]
    public void Sample_AtAnEndOfAReferencesRange_StaysWithTheData(string key)
    {
        PointSet training = Ring().Draw(new SplitSizes(1100, 1, 1, 1), 1).Training;
        Parameter parameter = SpecSections.Network.Keys.Single(k => k.Name == key).Parameter;
        foreach (double value in new[] { parameter.Minimum, parameter.Maximum })
        {
            IDenoiser denoiser = key == "components"
                ? ExpectationMaximization.Fit(training, (int)value, 1, cancellationToken: TestContext.Current.CancellationToken).CreateDenoiser()
                : new ScoreErrorDenoiser(new ExactDenoiser((INoisableDensity)Ring().Density!), training, value, 1);
            AssertWithin(Run(denoiser, training, new VpLinear(), new NativeGrid(), new Ddim()), training.Values, 1 / new VpLinear().At(1).Signal);
        }
    }

    private static void Sample(IDataset dataset, ISchedule schedule, IGrid grid, ISampler sampler)
    {
        PointSet training = dataset.Draw(new SplitSizes(500, 1, 1, 1), 1).Training;
        AssertWithin(Run(new ExactDenoiser((INoisableDensity)dataset.Density!), training, schedule, grid, sampler), training.Values, schedule.At(1).Noise);
    }

    private static double[] Run(IDenoiser denoiser, PointSet training, ISchedule schedule, IGrid grid, ISampler sampler)
    {
        IReadOnlyList<NoiseLevel> levels;
        try
        {
            levels = grid.Levels(schedule, Steps);
        }
        catch (KindException e)
        {
            // A chain whose betas reach 1 says so; other grids take its place.
            Assert.Contains("; allowed: ", e.Message, StringComparison.Ordinal);
            return training.Values[..training.Dimensions];
        }

        var noise = new PhiloxNoise(1);
        ISampler prepared = sampler.Prepare(new SamplerPreparation { Denoiser = denoiser, Grid = levels, Training = training, Seed = 1 });
        return [.. prepared.Sample(denoiser, levels, noise.Initial(Samples, training.Dimensions, levels[0].Noise), noise).Last().X];
    }

    /// <param name="noise">Of the first level.</param>
    private static void AssertWithin(double[] samples, double[] data, double noise)
    {
        double farthest = Math.Max(data.Max(Math.Abs), noise);
        double most = samples.Max(v => double.IsFinite(v) ? Math.Abs(v) : double.PositiveInfinity);
        Assert.True(most <= Farthest * farthest, $"a sample at {most}; data and noise within {farthest}");
    }

    private static IDataset Ring() => Default(DatasetKinds.Registry, "gmm-ring");

    private static TheoryData<string, string, End> Ends<T>(KindRegistry<T> registry)
        where T : class => new(
            from kind in registry.Kinds
            from parameter in kind.Parameters
            where parameter.Kind is ParameterKind.Integer or ParameterKind.Real
            from end in Enum.GetValues<End>()
            select (kind.Name, parameter.Name, end));

    private static T Default<T>(KindRegistry<T> registry, string kind)
        where T : class => registry.Create(kind, new ParameterValues(Defaults(registry, kind)));

    private static JsonObject Defaults<T>(KindRegistry<T> registry, string kind)
        where T : class
    {
        Assert.True(registry.TryGet(kind, out var found));
        var values = new JsonObject();
        foreach (var parameter in found.Parameters.Where(p => p.DefaultValue is not null))
            values[parameter.Name] = parameter.DefaultValue!.DeepClone();
        return values;
    }

    private static T Create<T>(KindRegistry<T> registry, string kind, string parameter, End end, (string Name, double Value)? with = null,
        (string Name, string Value)? text = null)
        where T : class
    {
        JsonObject values = Defaults(registry, kind);
        Assert.True(registry.TryGet(kind, out var found));
        values[parameter] = At(found.Parameters.Single(p => p.Name == parameter), end);
        if (with is null && Beside.TryGetValue((kind, parameter, end), out var beside))
            with = beside;
        if (with is { } number)
            values[number.Name] = number.Value;
        if (text is { } given)
            values[given.Name] = given.Value;
        return found.Create(new ParameterValues(values));
    }

    private static JsonNode At(Parameter parameter, End end)
    {
        double value = end == End.High ? parameter.Maximum : parameter.MinimumExclusive ? Math.BitIncrement(parameter.Minimum) : parameter.Minimum;
        Assert.True(double.IsFinite(value), $"{parameter.Name} has no {end} end");
        return parameter.Kind == ParameterKind.Integer ? (JsonNode)(long)value : value;
    }
}

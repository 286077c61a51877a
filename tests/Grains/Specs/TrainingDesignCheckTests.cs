using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>What training would refuse is said by the reader; everything else is let through.</summary>
public sealed class TrainingDesignCheckTests
{
    [Fact]
    public void ReadText_WhenLogUniformMeetsAScheduleDownToNoNoise_SaysSoAtTheLine()
    {
        var error = Assert.Single(Read("  schedule: [ve, vp-linear]\n  training.noise_distribution: [uniform-t, log-uniform-sigma]\n").Errors).ToString();
        Assert.StartsWith("spec.yaml:5: training.noise_distribution: log-uniform-sigma with schedule vp-linear: ", error, StringComparison.Ordinal);
        Assert.EndsWith("allowed: a schedule with sigma_min above 0 (ve, edm)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadText_WhenLogUniformIsFixed_SaysSoForEveryScheduleWithoutLeastNoise()
    {
        var errors = Read("  schedule: [vp-linear, vp-cosine, edm]\ntraining:\n  weighting: edm\n  noise_distribution: log-uniform-sigma\n").Errors;
        Assert.Equal(["vp-linear", "vp-cosine"], errors.Select(e => e.Message.Split(" with schedule ")[1].Split(':')[0]));
        Assert.All(errors, e => Assert.Equal(7, e.Line));
    }

    [Fact]
    public void ReadText_WhateverTheDesign_SaysWhatTrainingWouldRefuse()
    {
        foreach (var schedule in SpecCatalogue.Default.Schedules.Names)
        {
            foreach (var distribution in Choices("noise_distribution"))
            {
                foreach (var weighting in Choices("weighting"))
                {
                    foreach (var parametrisation in Choices("parametrisation"))
                    {
                        var reading =
                            Read($"  schedule: {schedule}\ntraining: {{noise_distribution: {distribution}, weighting: {weighting}, parametrisation: "
                            + $"{parametrisation}}}\n");
                        Assert.Equal(Refused(schedule, distribution, weighting, parametrisation), !reading.IsValid);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("training: {noise_mean: 0}",
        "spec.yaml:4: training.noise_mean: 0 with noise_distribution uniform-t; allowed: only with a noise_distribution log-normal")]
    [InlineData("training: {noise_distribution: log-normal, noise_mean: 0, noise_std: 2}", null)]
    [InlineData("  training.noise_distribution: [uniform-t, log-normal]\ntraining: {noise_std: 2}", null)]
    [InlineData("  training.noise_distribution: [uniform-t, log-normal]\n  training.noise_std: [1, 2]",
        "spec.yaml:5: training.noise_std: an axis with noise_distribution uniform-t; allowed: an axis where every noise_distribution is log-normal")]
    [InlineData("  training.noise_std: [1, 2]\ntraining: {noise_distribution: log-normal}", null)]
    [InlineData("training: {noise_distribution: log-normal, noise_std: 0}", "spec.yaml:4: training.noise_std: 0; allowed: a number above 0, at most 20")]
    public void ReadText_WhenAKeyNeedsLogNormal_SaysSoWhereItMeansNothing(string rest, string? error)
    {
        var reading = Read(rest + "\n");
        if (error is null)
            Assert.Empty(reading.Errors);
        else
            Assert.Equal(error, Assert.Single(reading.Errors).ToString());
    }

    [Fact]
    public void Of_WhenTheKeysAreLeftOut_HasTheDefaultsThatTheTableHas()
    {
        var schedule = new EdmKarras();
        var silent = TrainingDesigns.Of(Training("log-normal", null, null, null), schedule);
        var written = TrainingDesigns.Of(
            Training("log-normal", Key("noise_mean").Parameter.DefaultValue!.GetValue<double>(), Key("noise_std").Parameter.DefaultValue!.GetValue<double>(),
                "unit"), schedule);
        Assert.Equal(written, silent);
        Assert.Equal(
            TrainingDesigns.Of(Training("uniform-t", null, null, null), schedule),
            TrainingDesigns.Of(Training(null, null, null, null), schedule));
    }

    private static IReadOnlyList<string> Choices(string key) => Key(key).Parameter.Choices;

    private static SpecKey Key(string key) => SpecSections.Training.Keys.Single(k => k.Name == key);

    private static TrainingSpec Training(string? distribution, double? mean, double? std, string? weighting, string parametrisation = "epsilon") => new()
    {
        Steps = 1,
        Batch = 1,
        LearningRate = 1,
        WarmupSteps = 0,
        Points = 2,
        Parametrisation = parametrisation,
        NoiseDistribution = distribution,
        NoiseMean = mean,
        NoiseStd = std,
        Weighting = weighting,
    };

    /// <summary>As a trainer finds out: by tabulating the design.</summary>
    private static bool Refused(string schedule, string distribution, string weighting, string parametrisation)
    {
        Assert.True(SpecCatalogue.Default.Schedules.TryGet(schedule, out var kind));
        var values = new System.Text.Json.Nodes.JsonObject(kind.Parameters.Select(p => KeyValuePair.Create(p.Name, p.DefaultValue?.DeepClone())));
        var design = TrainingDesigns.Of(Training(distribution, null, null, weighting, parametrisation), (ISchedule)kind.Create(new(values)));
        return Record.Exception(() => new NoiseTable(design, 1, 32)) is TrainingDesignException;
    }

    private static SpecReading Read(string rest) =>
        SpecReader.ReadText($"sweep: s\naxes:\n  dataset: gmm-ring\n{rest}", "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
}

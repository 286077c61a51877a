using System.Reflection;
using System.Text.Json;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class DiagnosticsSpecTests
{
    private const string Start = "sweep: s\nseeds: 1\naxes:\n  dataset: gmm-ring\n";

    [Fact]
    public void Keys_Always_AreTheRecordsMembers() =>
        Assert.Equal(
            typeof(DiagnosticsSpec).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)),
            DiagnosticsSection.Keys.Select(k => k.Name));

    [Theory]
    [InlineData("")]
    [InlineData("diagnostics:\n")]
    [InlineData("diagnostics: {}\n")]
    [InlineData("diagnostics: {explained_share: [], denoising_error: false, bifurcation: false, mixture_components: 8}\n")]
    public void ReadText_WhenTheSectionSaysNothing_ChangesNoId(string section)
    {
        var (plain, spec) = (Valid(""), Valid(section));
        Assert.Equal(plain.Id, spec.Id);
        var trial = TrialExpansion.Expand(spec).Single();
        Assert.Equal(TrialExpansion.Expand(plain).Single().Id, trial.Id);
        Assert.Null(trial.Diagnostics);
    }

    [Fact]
    public void ReadText_WhenTheSectionSaysSomething_IsInEveryTrialAndItsId()
    {
        var spec = Valid(
            "diagnostics: {explained_share: [exact, gaussian], denoising_error: true, sigmas: [2, 0.5], training_steps: [100, 0, 30], mixture_components: "
            + "8}\n");
        var trial = TrialExpansion.Expand(spec).Single();
        Assert.Equal(["gaussian", "exact"], trial.Diagnostics!.ExplainedShare!);
        Assert.Equal([0.5, 2], trial.Diagnostics.Sigmas!);
        Assert.Equal([0, 30, 100], trial.Diagnostics.TrainingSteps!);
        Assert.True(trial.Diagnostics.DenoisingError);
        Assert.Null(trial.Diagnostics.MixtureComponents);
        Assert.Equal(TrialIdentity.Of(trial), trial.Id);
        Assert.NotEqual(TrialExpansion.Expand(Valid("")).Single().Id, trial.Id);
        Assert.Equal(trial.Id, TrialIdentity.Of(TrialSpecJson.Read(TrialSpecJson.Write(trial))));
        Assert.Equal(trial.Id, TrialExpansion.Expand(SweepSpecJson.Restore(spec.Resolved.ToJsonString(), spec.Source)).Single().Id);
    }

    [Fact]
    public void ReadText_WhenListsAreInAnotherOrder_IsTheSameTrial() =>
        Assert.Equal(
            TrialExpansion.Expand(Valid("diagnostics: {explained_share: [exact, gaussian], sigmas: [2, 0.5]}\n")).Single().Id,
            TrialExpansion.Expand(Valid("diagnostics: {explained_share: [gaussian, exact], sigmas: [0.5, 2.0]}\n")).Single().Id);

    [Theory]
    [InlineData("{explained_shar: [exact]}",
        "unknown key in diagnostics: explained_shar (did you mean explained_share?); allowed: explained_share, denoising_error, bifurcation, "
            + "error_decomposition, likelihood, validation_loss, explained_path, symmetry_breaking, total_correlation, "
            + "principal_components, collapse, sigmas, training_steps, mixture_components")]
    [InlineData("{explained_share: [gausian]}",
        "diagnostics.explained_share: gausian (did you mean gaussian?); allowed: gaussian, mixture, delta, exact, identity, gaussian-rank-R, gaussian-shrunk, "
            + "mixture-K, mixture-K-rank-R")]
    [InlineData("{explained_share: {a: 1}}", "diagnostics.explained_share: a mapping; allowed: a list of references")]
    [InlineData("{explained_share: mixture-10-rank-2}", "diagnostics.explained_share: mixture-10-rank-2; allowed: a rank below the data's dimensions, 2")]
    [InlineData("{explained_path: mixture-4096}\ntraining: {points: 1000}",
        "diagnostics.explained_path: mixture-4096; allowed: at most training.points Gaussians, 1000")]
    [InlineData("{explained_share: [delta, delta]}", "duplicate value in diagnostics.explained_share: delta (first on line 5); allowed: each value once")]
    [InlineData("{denoising_error: 1}", "diagnostics.denoising_error: 1; allowed: true, false")]
    [InlineData("{denoising_error: true, sigmas: [0]}", "diagnostics.sigmas: 0; allowed: a number above 0")]
    [InlineData("{denoising_error: true, sigmas: [1, 300]}", "diagnostics.sigmas: 300 with schedule vp-linear; allowed: from 0.01049 to 152.2")]
    [InlineData("{sigmas: [1]}",
        "diagnostics.sigmas: nothing is measured with it; allowed: only with explained_share, denoising_error, bifurcation, explained_path, "
            + "symmetry_breaking, principal_components or collapse")]
    [InlineData("{denoising_error: true, training_steps: [1]}", "diagnostics.training_steps: nothing is measured with it; allowed: only with explained_share")]
    [InlineData("{explained_share: delta, training_steps: [4001]}", "diagnostics.training_steps: 4001; allowed: at most training.steps, 4000")]
    [InlineData("{explained_share: delta, training_steps: [-1]}", "diagnostics.training_steps: -1; allowed: a whole number from 0 to 10000000")]
    [InlineData("{explained_share: delta, mixture_components: 3}",
        "diagnostics.mixture_components: nothing is measured with it; allowed: only with mixture in explained_share or explained_path")]
    [InlineData("[exact]", "diagnostics: a list; allowed: a mapping with its keys")]
    public void ReadText_WhenSomethingIsWrong_SaysWhatIsAllowedAtItsLine(string section, string message)
    {
        var error = Assert.Single(Read($"diagnostics: {section}\n").Errors);
        Assert.Equal($"spec.yaml:5: {message}", error.ToString());
    }

    [Fact]
    public void ReadText_WhenTrainingIsShorterOnAnAxis_ComparesWithTheShortest() =>
        Assert.Equal(
            "spec.yaml:6: diagnostics.training_steps: 40; allowed: at most training.steps, 30",
            Assert.Single(Read("  training.steps: [100, 30]\ndiagnostics: {explained_share: delta, training_steps: [40]}\ntraining: {warmup_steps: 5}\n")
                .Errors).ToString());

    [Theory]
    [InlineData("moons", "standardize", "bifurcation: true", "bifurcation: no dataset has known modes")]
    [InlineData("moons", "standardize", "error_decomposition: true", "error_decomposition: there is no exact score (the dataset's density is not known)")]
    [InlineData("gmm-ring", "gaussianize", "explained_share: exact", "explained_share: exact: there is no exact score (the preprocessing is not affine)")]
    [InlineData("gmm-ring", "[gaussianize, whiten]", "explained_share: exact", null)]
    [InlineData("gmm-ring", "gaussianize", "explained_path: exact", "explained_path: exact: there is no exact score (the preprocessing is not affine)")]
    [InlineData("[moons, gmm-product]", "ica", "error_decomposition: true", null)]
    [InlineData("[moons, gmm-ring]", "none", "bifurcation: true", null)]
    public void ReadText_WhenNothingHasWhatADiagnosticNeeds_SaysSo(string dataset, string preprocessing, string asked, string? error)
    {
        var reading = SpecReader.ReadText(
            $"sweep: s\naxes:\n  dataset: {dataset}\n  preprocessing: {preprocessing}\ndiagnostics: {{{asked}}}\n", "spec.yaml", Path.GetTempPath(),
                SpecCatalogue.Default);
        if (error is null)
            Assert.Empty(reading.Errors);
        else
            Assert.StartsWith($"spec.yaml:5: diagnostics.{error}", Assert.Single(reading.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Default_OfEverySchedule_IsAscendingWithinItsRange()
    {
        foreach (var kind in SpecCatalogue.Default.Schedules.Kinds)
        {
            var schedule = (ISchedule)kind.Create(new(new(kind.Parameters.Select(p => KeyValuePair.Create(p.Name, p.DefaultValue?.DeepClone())))));
            var range = NoiseRange.Of(schedule);
            double[] sigmas = DiagnosticSigmas.Default(schedule);
            Assert.Equal(sigmas.Order(), sigmas);
            Assert.All(sigmas, s => Assert.True(DiagnosticSigmas.Within(range, s)));
            Assert.Contains(0.5, sigmas);
        }

        Assert.Equal([0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50], DiagnosticSigmas.Default(new EdmKarras()));
        Assert.Equal(8, DiagnosticSigmas.Default(new EdmKarras(0.3, 0.9)).Length);
    }

    private static SpecReading Read(string rest) => SpecReader.ReadText(Start + rest, "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);

    private static SweepSpec Valid(string rest)
    {
        var reading = Read(rest);
        Assert.Empty(reading.Errors);
        return reading.Spec!;
    }
}

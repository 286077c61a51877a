using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

/// <summary>Names that people give: one name is one however its characters are composed, and a blank one is none.</summary>
public sealed class SpecNameTests
{
    private const string Composed = "gr\u00f6\u00dfe", Decomposed = "gro\u0308\u00dfe";

    [Theory]
    [InlineData("dataset: [{kind: ring, name: " + Composed + "}, {kind: ring, name: " + Decomposed + ", std: 0.2}]", "duplicate name in axes.dataset: ")]
    [InlineData("dataset: ring\n  variant: [{name: " + Composed + ", training.steps: 5}, {name: " + Decomposed + ", training.steps: 6}]",
        "duplicate name in axes.variant: ")]
    public void Read_WhenTwoNamesAreOneByNormalization_CallsThemDuplicates(string axes, string message) =>
        Assert.Contains(message, Assert.Single(FakeCatalogue.Read($"sweep: s\naxes:\n  {axes}\n").Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_WhenANameIsComposedAnotherWayElsewhere_FindsItAsItIsWritten()
    {
        SweepSpec spec = FakeCatalogue.Valid($$"""
            sweep: s
            seeds: 3
            axes:
              dataset: [{kind: ring, name: {{Composed}}}, {kind: ring, name: b, std: 0.2}]
            compare: {axis: dataset, baseline: {{Decomposed}}, metric: log_likelihood}
            expect:
              - {claim: c, where: {dataset: {{Decomposed}}}, metric: energy_distance, is: "<= 1"}
            """);

        Assert.Equal(Composed, spec.Compare.Baseline);
        Assert.Equal(Composed, Assert.Single(spec.Expectations[0].Where).Value[0]);
    }

    [Theory]
    [InlineData("dataset: {kind: ring, name: '  '}", "axes.dataset.name: ")]
    [InlineData("dataset: {kind: ring, name: \"\u00a0\"}", "axes.dataset.name: ")]
    [InlineData("dataset: ring\n  variant: [{name: ' ', training.steps: 5}]", "axes.variant: a variant without a name")]
    public void Read_WhenANameIsBlank_RefusesIt(string axes, string message) =>
        Assert.StartsWith(message, FakeCatalogue.Read($"sweep: s\naxes:\n  {axes}\n").Errors[0].Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("seeds: '5'", "seeds: \"5\" in quotes; allowed: how many")]
    [InlineData("seeds: [1, '2']", "seeds: \"2\" in quotes; allowed: whole numbers")]
    [InlineData("threshold_nats: \"1\"", "threshold_nats: \"1\" in quotes; allowed: a number")]
    [InlineData("training: {steps: \"100\"}", "training.steps: \"100\" in quotes; allowed: a whole number")]
    [InlineData("diagnostics: {sigmas: ['0.5']}", "diagnostics.sigmas: \"0.5\" in quotes; allowed: ")]
    [InlineData("diagnostics: {likelihood: 'true'}", "diagnostics.likelihood: \"true\" in quotes; allowed: true, false")]
    public void Read_WhenANumberIsInQuotes_SaysThatTheyAreWhatIsWrong(string line, string message) =>
        Assert.Contains(FakeCatalogue.Read($"sweep: s\naxes:\n  dataset: ring\n{line}\n").Errors, e => e.Message.StartsWith(message, StringComparison.Ordinal));

    [Fact]
    public void Read_WhenANestedNumberIsInQuotes_SaysSo()
    {
        SpecReading reading =
            SpecReader.ReadText("sweep: s\naxes:\n  dataset: {kind: gmm, means: [[\"1\"]], covariances: [1]}\n", "spec.yaml", "/", SpecCatalogue.Default);

        Assert.Equal("spec.yaml:3: gmm: means[0][0]: \"1\" in quotes; allowed: a finite number", Assert.Single(reading.Errors).ToString());
    }
}

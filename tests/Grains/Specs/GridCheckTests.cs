using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class GridCheckTests
{
    [Theory]
    [InlineData("sampling: {steps: 20}",
        "spec.yaml:4: sampling.steps: vp-linear with beta_max 20: 20 steps on its native grid; allowed: more than beta_max steps (beta_max / steps must be "
        + "below 1), or another sampling.grid: linear, geometric, karras, uniform-log-snr")]
    [InlineData("sampling: {steps: 21}", null)]
    [InlineData("sampling: {steps: 20, grid: karras}", null)]
    public void ReadText_WhenAScheduleHasNoGridOfTheSteps_SaysSoAtTheLine(string sampling, string? error)
    {
        SpecReading reading =
            SpecReader.ReadText($"sweep: s\naxes:\n  dataset: gmm-ring\n{sampling}\n", "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        if (error is null)
            Assert.True(reading.IsValid);
        else
            Assert.StartsWith(error, Assert.Single(reading.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadText_WhenOneGridOfAnAxisHasTooFewSteps_SaysSoOnce()
    {
        SpecReading reading = SpecReader.ReadText(
            "sweep: s\naxes:\n  dataset: gmm-ring\n  sampling.grid: [native, geometric]\n  sampling.steps: [10, 100]\n", "spec.yaml", Path.GetTempPath(),
                SpecCatalogue.Default);
        Assert.StartsWith("spec.yaml:5: sampling.steps: vp-linear with beta_max 20: 10 steps", Assert.Single(reading.Errors).ToString(),
            StringComparison.Ordinal);
    }
}

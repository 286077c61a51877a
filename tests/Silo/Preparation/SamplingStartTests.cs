using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Specs;
using Sweep.Silo;
using Sweep.Silo.Preparation;
using Xunit;

namespace Sweep.Tests.Silo.Preparation;

public sealed class SamplingStartTests
{
    private const string Line = "{kind: gmm, means: [[-1], [1]], covariances: [0.1, 0.1]}";

    private static readonly PointSet Training = new(new PhiloxNoise(3).Initial(500, 2, 2), 2);

    [Fact]
    public void Of_WhenNothingIsSaid_IsTheSchedulesGridAndItsNoise()
    {
        SamplingStart start = Start("sampling: {steps: 18}");
        Assert.Equal(new EdmKarras().NativeGrid(18), start.Grid);
        Assert.Equal(new PhiloxNoise(1).Initial(10, 2, 80), start.Initial);
        Assert.Null(start.Note);
    }

    [Fact]
    public void Of_WhenAGridIsNamed_IsThatGrid()
    {
        SamplingStart start = Start("sampling: {steps: 18, grid: {kind: karras, rho: 3}}");
        Assert.Equal(new KarrasGrid(3).Levels(new EdmKarras(), 18), start.Grid);
    }

    [Fact]
    public void Of_WhenTeleporting_StartsThereAndSaysWhere()
    {
        SamplingStart start = Start("sampling: {steps: 18, teleport: {sigma: 2}}");
        double data = Teleportation.Of(Training).SigmaData;
        Assert.Equal(2, start.Grid[0].Sigma);
        Assert.Equal(Teleportation.Of(Training).Flow(new PhiloxNoise(1).Initial(10, 2, 80), new EdmKarras().At(1), start.Grid[0]), start.Initial);
        Assert.StartsWith("teleported from sigma 80 to sigma_skip 2, in place of ", start.Note, StringComparison.Ordinal);
        Assert.EndsWith(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"; sigma_skip / sigma_data {2 / data:G3}"), start.Note,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WhenFromQuantiles_StartsAtThoseOfTheFirstLevelsNoise()
    {
        var line = new PointSet([-1, 0, 1], 1);
        SamplingStart start = SamplingStart.Of(Trial("sampling: {steps: 18, initial: quantiles}", Line), new EdmKarras(), line, new PhiloxNoise(1), 5);
        Assert.Equal([.. new[] { 0.1, 0.3, 0.5, 0.7, 0.9 }.Select(p => 80 * StandardNormal.Quantile(p))], start.Initial);
    }

    [Theory]
    [InlineData("sampling: {steps: 18, sampler: euler}", 19, 18)]
    [InlineData("sampling: {steps: 18, sampler: heun}", 19, 35)]
    [InlineData("sampling: {steps: 18, sampler: heun, teleport: {skip: 0.28}}", 14, 25)]
    public void CostOf_WhateverTheSampler_CountsItsStatesAndEvaluations(string sampling, int states, int evaluations)
    {
        SamplingCost cost = SamplingCost.Of(Trial(sampling));
        Assert.Equal(states, cost.States);
        Assert.Equal(evaluations, cost.RowsPerSample);
        Assert.Equal(0, cost.RowsOnce);
    }

    [Fact]
    public void CostOf_WhenTheSamplerMeasuresTheModel_CountsThatOnce() =>
        Assert.True(SamplingCost.Of(Trial("sampling: {steps: 18, sampler: dpm-v3}")).RowsOnce > 0);

    private static SamplingStart Start(string sampling) => SamplingStart.Of(Trial(sampling), new EdmKarras(), Training, new PhiloxNoise(1), 10);

    private static TrialSpec Trial(string sampling, string dataset = "gmm-ring")
    {
        SpecReading reading = SpecReader.ReadText(
            $"sweep: s\nseeds: 1\naxes:\n  dataset: {dataset}\n  schedule: edm\n{sampling}\n", "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
        Assert.Empty(reading.Errors);
        return TrialExpansion.Expand(reading.Spec!).Single();
    }
}

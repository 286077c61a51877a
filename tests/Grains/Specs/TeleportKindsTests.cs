using Sweep.Grains.Specs;
using Xunit;

namespace Sweep.Tests.Grains.Specs;

public sealed class TeleportKindsTests
{
    [Fact]
    public void ReadText_WhenTeleportIsAnAxis_NamesItsValuesByWhatTheySay()
    {
        var reading = Read("  sampling.teleport: [none, {sigma: 2}, {sigma: 4.0, name: far}, {skip: 0.28}]\n  schedule: edm\n");
        Assert.Empty(reading.Errors);
        var trials = TrialExpansion.Expand(reading.Spec!).Where(t => t.Seed == 0).ToList();
        Assert.Equal(["none", "sigma 2", "far", "skip 0.28"], trials.Select(t => t.Axes["sampling.teleport"]!.GetValue<string>()));
        Assert.Equal([null, 2, 4, null], trials.Select(t => TeleportKinds.Of(t.Sampling.Teleport)?.Sigma));
        Assert.Equal([null, null, null, 0.28], trials.Select(t => TeleportKinds.Of(t.Sampling.Teleport)?.Skip));
    }

    [Fact]
    public void ReadText_WhenTheKindIsSpelledOut_IsTheSame()
    {
        var (a, b) = (Read("sampling: {teleport: {sigma: 2}}\n"), Read("sampling: {teleport: {kind: sigma, sigma: 2.0}}\n"));
        Assert.Equal(a.Spec!.Id, b.Spec!.Id);
    }

    /// <summary>Stored trials know nothing of regrid: false is left out of their identity, and true is a trial of its own.</summary>
    [Fact]
    public void ReadText_WhenItRegrids_IsCalledSoAndIsAnotherTrialOnlyThen()
    {
        var trials = TrialExpansion.Expand(Read("  sampling.teleport: [{skip: 0.5}, {skip: 0.5, regrid: true}]\n").Spec!).Where(t => t.Seed == 0).ToList();
        Assert.Equal(["skip 0.5", "skip 0.5 regrid"], trials.Select(t => t.Axes["sampling.teleport"]!.GetValue<string>()));
        Assert.Equal([false, true], trials.Select(t => TeleportKinds.Of(t.Sampling.Teleport)!.Regrid));
        Assert.Equal(Read("sampling: {teleport: {skip: 0.5}}\n").Spec!.Id, Read("sampling: {teleport: {skip: 0.5, regrid: false}}\n").Spec!.Id);
    }

    [Theory]
    [InlineData("sampling: {teleport: {sgima: 2}}", "sampling.teleport: no kind; allowed: none, {sigma: …}, {skip: …}")]
    [InlineData("sampling: {teleport: {sigma: 2, skip: 0.5}}", "sampling.teleport: no kind; allowed: none, {sigma: …}, {skip: …}")]
    [InlineData("sampling: {teleport: {sigma: 2, regrid: 3}}", "sampling.teleport.regrid: 3; allowed: true, false")]
    [InlineData("sampling: {teleport: {sigma: 0}}", "sampling.teleport.sigma: 0; allowed: a number above 0")]
    [InlineData("sampling: {teleport: {skip: 1}}", "teleport.skip: 1; allowed: a number from 0, below 1")]
    [InlineData("sampling: {teleport: {skip: 0.999}}", "sampling.teleport.skip: 0.999, all of 100 steps; allowed: a share that leaves at least one")]
    public void ReadText_WhenItIsNoTeleport_SaysSo(string sampling, string error)
    {
        var found = Assert.Single(Read(sampling + "\n").Errors);
        Assert.Equal(error, found.Message);
        Assert.Equal(4, found.Line);
    }

    [Fact]
    public void ReadText_WhenTheSigmaIsOutsideAGrid_SaysSoAtItsLine()
    {
        var error = Assert.Single(Read("  schedule: [edm, {kind: edm, name: low, sigma_max: 5}]\n  sampling.teleport: [none, {sigma: 10}]\n").Errors);
        Assert.Equal(5, error.Line);
        Assert.StartsWith("sampling.teleport.sigma: 10; allowed: from 0.002", error.Message, StringComparison.Ordinal);
    }

    private static SpecReading Read(string rest) =>
        SpecReader.ReadText($"sweep: s\naxes:\n  dataset: gmm-ring\n{rest}", "spec.yaml", Path.GetTempPath(), SpecCatalogue.Default);
}

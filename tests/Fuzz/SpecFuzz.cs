using System.Text;
using Sweep.Grains.Specs;
using Sweep.Tests.Client;
using Xunit;

namespace Sweep.Tests.Fuzz;

/// <summary>Whatever a spec's file holds, it is read, or refused with errors that name its lines.</summary>
public sealed class SpecFuzz(ITestOutputHelper output)
{
    [Fact]
    public void Read_WhateverTheFileHolds_IsASpecOrErrors()
    {
        using var scratch = new Scratch();
        string path = Path.Combine(scratch.Path, "spec.yaml");
        byte[][] samples =
        [
            .. Directory.GetFiles(Path.Combine(SweepProcess.RepositoryRoot, "examples"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
            Encoding.UTF8.GetBytes(TinySpec.Quick + "compare: {axis: width, baseline: .inf, metric: .nan}\n"),
            Encoding.UTF8.GetBytes(
                "sweep: s\nseeds: [0, -.inf, 1e999]\naxes: {dataset: [{kind: gmm-ring, radius: .inf}], width: [.inf, 8], training.learning_rate: [.nan]}\n"),
        ];
        Fuzzer.Run("spec", output, samples, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            SpecReading reading = SpecReader.Read(path, SpecCatalogue.Default);
            Assert.NotEqual(reading.Spec is null, reading.Errors.Count == 0);
        });
    }

    [Theory]
    [InlineData("compare: {baseline: .inf}")]
    [InlineData("compare: {axis: width, baseline: -.inf}")]
    [InlineData("compare: {axis: width, baseline: .nan}")]
    [InlineData("threshold_nats: .inf")]
    [InlineData("training: {steps: .inf, learning_rate: .nan}")]
    [InlineData("sampling: {samples: -.inf}")]
    [InlineData("seeds: .inf")]
    public void Read_WhenANumberIsNotFinite_IsRefusedWithTheLine(string line)
    {
        using var scratch = new Scratch();
        string spec =
            $"sweep: s\naxes: {{dataset: [{{kind: gmm-ring}}], width: [8, "
            + $"16]}}\n{(line.StartsWith("seeds", StringComparison.Ordinal) ? "" : "seeds: 2\n")}{line}\n";

        SpecReading reading = SpecReader.Read(scratch.Write("spec.yaml", spec), SpecCatalogue.Default);

        Assert.NotEmpty(reading.Errors);
    }
}

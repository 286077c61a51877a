using System.Text.Json.Nodes;
using Sweep.Client.Report;
using Sweep.Diffusion.Datasets;
using Sweep.Silo;
using Xunit;

namespace Sweep.Tests.Client.Report;

/// <summary>Pictures in a report: of image data, from the run's artifacts.</summary>
public sealed class SamplePicturesTests
{
    private const string Digits = """
        sweep: pictures
        seeds: 2
        axes: {dataset: [digits, {kind: digits, name: components, dimensions: 16}], width: [8, 16]}
        network: {hidden_layers: 1}
        training: {steps: 20, batch: 32, points: 200}
        sampling: {sampler: ddim, steps: 25, samples: 40}
        compare: {axis: width, baseline: 8, metric: energy_distance}
        """;

    [Fact]
    public async Task Run_OnDigits_ShowsSamplesOfEveryGroupBesideRealOnes()
    {
        using var scratch = new Scratch();
        scratch.Write("digits.yaml", Digits);
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "digits.yaml", "--device", "cpu", "--out", "out");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(scratch.Path, "out", "report", "report.json"),
            TestContext.Current.CancellationToken))!;

        // Principal components are no pixels.
        var samples = Assert.Single(report["samples"]!.AsArray())!;
        Assert.Equal(("digits", 8), (samples["dataset"]!.GetValue<string>(), samples["side"]!.GetValue<int>()));
        byte[] real = Convert.FromBase64String(samples["real"]!.GetValue<string>());
        Assert.Equal(SamplePictures.Count * 64, real.Length);
        Assert.Equal((0, 255), (real.Min(), real.Max()));
        var groups = samples["groups"]!.AsArray();
        Assert.Equal([8, 16], groups.Select(g => g!["axes"]!["width"]!.GetValue<int>()));
        Assert.All(groups, g => Assert.Equal(SamplePictures.Count * 64, Convert.FromBase64String(g!["images"]!.GetValue<string>()).Length));
        using Stream? file = ArtifactSamples.Open(Path.Combine(scratch.Path, "out", "artifacts"), groups[0]!["trial"]!.GetValue<string>());
        double[] rows = ArtifactSamples.FirstRows(file, 64, SamplePictures.Count)!;
        (double low, double high) = (samples["low"]!.GetValue<double>(), samples["high"]!.GetValue<double>());
        Assert.Equal(rows.Select(p => (byte)Math.Round(255 * Math.Clamp((p - low) / (high - low), 0, 1))),
            Convert.FromBase64String(groups[0]!["images"]!.GetValue<string>()));
    }

    [Fact]
    public void FirstRows_OfWhatIsNoSuchFile_IsNothing()
    {
        using var scratch = new Scratch();
        string path = Path.Combine(scratch.Path, "samples.npy");
        Assert.Null(FirstRows(2));
        File.WriteAllBytes(path, NpyWriter.Format(new PointSet([1, 2, 3, 4], 2)));
        Assert.Equal([1, 2, 3, 4], FirstRows(2)!);
        Assert.Null(FirstRows(3));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^8]);
        Assert.Null(FirstRows(2));
        File.WriteAllText(path, "no array");
        Assert.Null(FirstRows(2));

        double[]? FirstRows(int dimensions)
        {
            using Stream? file = File.Exists(path) ? File.OpenRead(path) : null;
            return ArtifactSamples.FirstRows(file, dimensions, SamplePictures.Count);
        }
    }
}

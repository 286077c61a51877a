using System.Text.Json.Nodes;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>Reference denoisers where a network would be, through the installed command.</summary>
public sealed class ReferenceCommandTests
{
    private const string Spec = """
        sweep: references
        seeds: 2
        axes:
          dataset: [{kind: gmm-ring, name: ring8}]
          schedule: vp-linear
          width: 8
          network.kind: [mlp, exact, gaussian, mixture, delta, identity]
        network: {hidden_layers: 1}
        training: {steps: 100, batch: 64, points: 400}
        sampling: {steps: 25, samples: 256}
        """;

    [Fact]
    public async Task Run_WhenReferencesAreAnAxis_TrainsTheNetworkAloneAndTheExactOneSamplesTheData()
    {
        using var scratch = new Scratch();
        scratch.Write("spec.yaml", Spec);

        SweepOutcome check = await SweepProcess.RunAsync(scratch.Path, "check", "spec.yaml", "--json");
        Assert.True(check.ExitCode == 0, check.Error);
        Assert.InRange(JsonNode.Parse(check.Output)!["estimate"]!["core_seconds"]!.GetValue<double>(), 1e-3, 60);
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "spec.yaml", "--out", "out");
        Assert.True(outcome.ExitCode == 0, outcome.Error);

        string run = Path.Combine(scratch.Path, "out");
        JsonNode report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run, "report", "report.json"), TestContext.Current.CancellationToken))!;
        JsonArray groups = report["groups"]!.AsArray();
        Assert.Equal(6, groups.Count);
        foreach (JsonNode? group in groups)
        {
            bool trained = Kind(group!) == "mlp";
            Assert.Equal(trained, group!["curves"]!["training_loss"] is not null);
            Assert.Equal(26, group["curves"]!["log_likelihood"]!["mean"]!.AsArray().Count);
            foreach (JsonNode? id in group["trial_ids"]!.AsArray())
            {
                string weights = Path.Combine(run, "artifacts", id!.GetValue<string>(), "weights.safetensors");
                Assert.Equal(trained, File.Exists(weights));
            }
        }

        // The exact score is at the truth level within what 256 samples can tell; one Gaussian is nowhere near.
        Assert.InRange(Gap(groups, "exact"), -0.5, 0.5);
        Assert.True(Gap(groups, "gaussian") < -3);

        string exact = groups.Single(g => Kind(g!) == "exact")!["trial_ids"]![0]!.GetValue<string>();
        SweepOutcome show = await SweepProcess.RunAsync(scratch.Path, "show", exact, "--out", "out");
        Assert.True(show.ExitCode == 0, show.Error);
        Assert.Contains("samples.npy", show.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("weights.safetensors", show.Output, StringComparison.Ordinal);
        string[] curves = await File.ReadAllLinesAsync(Path.Combine(run, "report", "curves.csv"), TestContext.Current.CancellationToken);
        Assert.All(curves.Where(l => l.Contains("training_loss", StringComparison.Ordinal)), l => Assert.Contains(",mlp,", l, StringComparison.Ordinal));
    }

    /// <summary>
    /// What the design-space sweep is made of: an exact score with and without an error, quantiles in place of noise, and measures of the result that no draw
    /// blurs.
    /// </summary>
    [Fact]
    public async Task Run_WhenTheScoreIsExactAndTheStartQuantiles_DiffersBetweenSeedsByTheErrorAlone()
    {
        using var scratch = new Scratch();
        scratch.Write("line.yaml", """
            sweep: line
            seeds: 2
            axes:
              dataset: [{kind: gmm, name: line, weights: [0.3, 0.7], means: [[-0.6877], [0.3439]], covariances: [0.0131, 0.0296]}]
              preprocessing: none
              schedule: edm
              network.score_error: [0, 0.2]
              sampling.steps: [9, 18]
            network: {kind: exact}
            training: {points: 500}
            sampling: {sampler: heun, initial: quantiles, samples: 1000}
            diagnostics: {likelihood: true}
            compare: {axis: network.score_error, metric: negative_log_likelihood}
            """);

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "line.yaml", "--out", "out");
        Assert.True(outcome.ExitCode == 0, outcome.Error);

        JsonNode report =
            JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(scratch.Path, "out", "report", "report.json"), TestContext.Current.CancellationToken))!;
        foreach (JsonNode? group in report["groups"]!.AsArray())
        {
            bool exact = group!["network.score_error"]!.GetValue<double>() == 0;
            JsonNode metrics = group["metrics"]!;
            double[] kl = [.. metrics["kl_equiprobable"]!["per_seed"]!.AsArray().Select(v => v!.GetValue<double>())];
            Assert.Equal(exact, kl[0].Equals(kl[1]));
            Assert.InRange(metrics["kl_equiprobable"]!["truth_level"]!.GetValue<double>(), 0.03, 0.08);
            JsonNode likelihood = metrics["negative_log_likelihood"]!;
            double excess = likelihood["mean"]!.GetValue<double>() - likelihood["truth_level"]!.GetValue<double>();
            Assert.True(exact ? Math.Abs(excess) < Tolerances.FlowNats : excess > 0.01, $"{excess}");
            Assert.Equal(metrics["bits_per_dimension"]!["mean"]!.GetValue<double>() * Math.Log(2), likelihood["mean"]!.GetValue<double>(), Tolerances.FlowNats);
            Assert.InRange(metrics["round_trip_error"]!["mean"]!.GetValue<double>(), 0, 1e-15);
        }

        Assert.Contains(report["comparisons"]!.AsArray(), c => c!["metric"]!.GetValue<string>() == "negative_log_likelihood");

        // The samplers cost 17 and 35 evaluations: what they cost stands first.
        string[] table = [.. (await File.ReadAllLinesAsync(Path.Combine(scratch.Path, "out", "report", "report.md"), TestContext.Current.CancellationToken))
            .SkipWhile(l => l != "## Final metrics").SkipWhile(l => !l.StartsWith('|')).TakeWhile(l => l.StartsWith('|'))];
        Assert.StartsWith("| network.score_error | sampling.steps | Denoiser evaluations (NFE) | ", table[0], StringComparison.Ordinal);
        Assert.Contains("KL on equiprobable bins, nats", table[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Round-trip error", table[0], StringComparison.Ordinal);
        Assert.StartsWith("| 0 | 9 | 17 | ", table[2], StringComparison.Ordinal);
    }

    private static string Kind(JsonNode group) => group["network.kind"]!.GetValue<string>();

    private static double Gap(JsonArray groups, string kind)
    {
        JsonNode metric = groups.Single(g => Kind(g!) == kind)!["metrics"]!["log_likelihood"]!;
        return metric["mean"]!.GetValue<double>() - metric["truth_level"]!.GetValue<double>();
    }
}

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

        // The exact score is at the floor within what 256 samples can tell; one Gaussian is nowhere near.
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

    private static string Kind(JsonNode group) => group["network.kind"]!.GetValue<string>();

    private static double Gap(JsonArray groups, string kind)
    {
        JsonNode metric = groups.Single(g => Kind(g!) == kind)!["metrics"]!["log_likelihood"]!;
        return metric["mean"]!.GetValue<double>() - metric["floor"]!.GetValue<double>();
    }
}

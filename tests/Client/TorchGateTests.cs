using System.Text.Json.Nodes;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>What the command says of TorchSharp, with it and without.</summary>
public sealed class TorchGateTests
{
    [Fact]
    public async Task Doctor_Always_SaysWhetherItIsThere()
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "doctor");
        string line = outcome.Output.Split('\n').First(l => l.Contains("TorchSharp trainer", StringComparison.Ordinal));
        Assert.StartsWith(TorchGate.Missing is null ? "yes" : "no ", line, StringComparison.Ordinal);
        if (TorchGate.Missing is null)
            Assert.Contains($"on torch:cpu: TorchSharp {TorchGate.Version}, {TorchGate.Engine!.Library}", line, StringComparison.Ordinal);
        else
            Assert.Contains("docs/torchsharp.md", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_Always_SaysWhetherItIsThere()
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "setup");
        Assert.Contains($"TorchSharp trainer: {TorchGate.Found}", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(TorchGate.Version, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnTorch_TrainsThereOrSaysWhatIsMissing()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        SweepOutcome torch = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--device", "torch:cpu", "--out", "torch");
        if (TorchGate.Missing is { } missing)
        {
            Assert.Equal(2, torch.ExitCode);
            Assert.Contains($"--device: torch:cpu; allowed here: auto, cpu ({missing})", torch.Error, StringComparison.Ordinal);
            return;
        }

        Assert.True(torch.ExitCode == 0, torch.Error);
        Assert.Contains($"slots on torch:cpu ({TorchGate.Engine!.Version})", torch.Error, StringComparison.Ordinal);
        SweepOutcome cpu = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--device", "cpu", "--out", "cpu");
        Assert.True(cpu.ExitCode == 0, cpu.Error);
        double[][] losses = [.. await Task.WhenAll(new[] { "torch", "cpu" }.Select(FirstLossesAsync))];
        for (int i = 0; i < losses[0].Length; i++)
            Assert.Equal(losses[1][i], losses[0][i], Tolerances.PackedLossCurve * losses[1][i]);

        async Task<double[]> FirstLossesAsync(string run)
        {
            string text = await File.ReadAllTextAsync(Path.Combine(scratch.Path, run, "report", "report.json"), TestContext.Current.CancellationToken);
            return [.. JsonNode.Parse(text)!["groups"]!.AsArray().Select(g => g!["curves"]!["training_loss"]!["mean"]![40]!.GetValue<double>())];
        }
    }

    /// <summary>In place of tests/Diffusion/Training/TorchSharp, which a closed gate keeps out of the build: skipped is what they are, not passed.</summary>
    [Fact]
    public void TorchTests_WhenItIsNotInTheBuild_AreSkipped() =>
        Assert.SkipWhen(TorchGate.Engine is null, $"tests/Diffusion/Training/TorchSharp is not in this build: {TorchGate.Found}");
}

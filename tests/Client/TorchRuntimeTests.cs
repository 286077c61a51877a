using System.Text.Json.Nodes;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>What the command says of TorchSharp, where libtorch loads and where it does not.</summary>
public sealed class TorchRuntimeTests
{
    [Fact]
    public async Task Doctor_Always_SaysWhetherItIsThere()
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "doctor");
        string line = outcome.Output.Split('\n').First(l => l.Contains("TorchSharp trainer", StringComparison.Ordinal));
        Assert.StartsWith(TorchRuntime.Missing is null ? "yes" : "no ", line, StringComparison.Ordinal);
        if (TorchRuntime.Missing is null)
            Assert.Contains($"on torch:cpu: TorchSharp {TorchRuntime.Version}, {TorchRuntime.Engine.Library}", line, StringComparison.Ordinal);
        else
            Assert.Contains("docs/torchsharp.md", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_WhenTorchIsOfNoKind_SaysWhatIsAllowed()
    {
        using var scratch = new Scratch();
        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "setup", "--torch", "tpu");
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--torch: tpu; allowed: cpu, cuda", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnTorch_TrainsThereOrSaysWhatIsMissing()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);
        SweepOutcome torch = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--device", "torch:cpu", "--out", "torch");
        if (TorchRuntime.Missing is not null)
        {
            // Not word for word: the loader names the program's folder, which is another one for the tests.
            Assert.Equal(2, torch.ExitCode);
            Assert.Matches(@"--device: torch:cpu; allowed here: auto, cpu \(.*libtorch.*docs/torchsharp\.md\)", torch.Error);
            return;
        }

        Assert.True(torch.ExitCode == 0, torch.Error);
        Assert.Contains($"slots on torch:cpu ({TorchRuntime.Engine.Version})", torch.Error, StringComparison.Ordinal);
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
}

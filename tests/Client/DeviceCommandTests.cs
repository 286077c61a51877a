using System.Text.Json.Nodes;
using Sweep.Tests.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary><c>--device</c> and <c>doctor</c> with a CUDA driver that passes the host's build of the kernels off as a GPU (Kernels/driver.cpp), and without one.</summary>
public sealed class DeviceCommandTests
{
    private static readonly (string Name, string Value) Driver = ("LD_LIBRARY_PATH", Path.Combine(AppContext.BaseDirectory, "kernels", "driver"));

    [Fact]
    public async Task Run_OnAGpu_TrainsThereAndReportsWhatTheCpuWould()
    {
        HostBackend.Require();
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);

        SweepOutcome gpu = await SweepProcess.RunAsync(scratch.Path, Driver, "run", "tiny.yaml", "--device", "cuda:0", "--out", "gpu");
        SweepOutcome cpu = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--device", "cpu", "--out", "cpu");

        Assert.True(gpu.ExitCode == 0, gpu.Error);
        Assert.Contains("slots on cuda:0 (tests' GPU)", gpu.Error, StringComparison.Ordinal);
        Assert.True(cpu.ExitCode == 0, cpu.Error);
        double[][] losses = [.. await Task.WhenAll(new[] { "gpu", "cpu" }.Select(FirstLossesAsync))];
        for (int i = 0; i < losses[0].Length; i++)
            Assert.Equal(losses[1][i], losses[0][i], Tolerances.PackedLossCurve * losses[1][i]);

        async Task<double[]> FirstLossesAsync(string run)
        {
            string text = await File.ReadAllTextAsync(Path.Combine(scratch.Path, run, "report", "report.json"), TestContext.Current.CancellationToken);
            return [.. JsonNode.Parse(text)!["groups"]!.AsArray().Select(g => g!["curves"]!["training_loss"]!["mean"]![40]!.GetValue<double>())];
        }
    }

    [Fact]
    public async Task Run_OnAGpuThatFailsItsCheck_IsRefusedAndAutoTakesTheCpu()
    {
        HostBackend.Require();
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick.Replace("seeds: 2", "seeds: 1", StringComparison.Ordinal).Replace("[8, 16]", "8", StringComparison.Ordinal));
        (string, string)[] faulty = [Driver, ("SWEEP_TEST_GPU_FAULT", "launch")];

        SweepOutcome asked = await SweepProcess.RunAsync(scratch.Path, faulty, "run", "tiny.yaml", "--device", "cuda");
        SweepOutcome auto = await SweepProcess.RunAsync(scratch.Path, faulty, "run", "tiny.yaml");

        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("--device: cuda:0 (tests' GPU) failed its check: CUDA, launch of train_", asked.Error, StringComparison.Ordinal);
        Assert.Contains("CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)", asked.Error, StringComparison.Ordinal);
        Assert.Equal(0, auto.ExitCode);
        Assert.Contains("training on the CPU: cuda:0 (tests' GPU) failed its check", auto.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_WithAGpu_SaysWhatItIsAndWhetherItIsSound()
    {
        HostBackend.Require();
        using var scratch = new Scratch();

        SweepOutcome sound = await SweepProcess.RunAsync(scratch.Path, Driver, "doctor");
        SweepOutcome wrong = await SweepProcess.RunAsync(scratch.Path, [Driver, ("SWEEP_TEST_GPU_FAULT", "wrong")], "doctor");
        SweepOutcome little = await SweepProcess.RunAsync(scratch.Path, [Driver, ("SWEEP_TEST_GPU_BYTES", "100000")], "doctor");

        Assert.Contains("yes  GPU trainer on cuda:0: tests' GPU, 1 GiB, 4 multiprocessors, compute capability 9.0", sound.Output, StringComparison.Ordinal);
        Assert.Contains("no   GPU trainer on cuda:0: cuda:0 (tests' GPU) failed its check", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("ended without a step", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("CUDA_ERROR_OUT_OF_MEMORY (out of memory)", little.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnADeviceThatIsNotHere_SaysWhatIs()
    {
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick);

        SweepOutcome outcome = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--device", "cuda:97");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--device: cuda:97; allowed here: auto, cpu", outcome.Error, StringComparison.Ordinal);
    }
}

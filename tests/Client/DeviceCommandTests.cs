using System.Text.Json.Nodes;
using Sweep.Tests.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Client;

/// <summary>
/// <c>--device</c> and <c>doctor</c> with a CUDA driver that passes the host's build of the kernels off as a GPU (Kernels/driver.cpp), and without one.
/// </summary>
public sealed class DeviceCommandTests
{
    private static readonly (string Name, string Value) Driver = ("LD_LIBRARY_PATH", Path.Combine(AppContext.BaseDirectory, "kernels", "driver"));

    [Fact]
    public async Task Run_OnAGpu_TrainsThereAndReportsWhatTheCpuWould()
    {
        HostBackend.Require();
        using var scratch = new Scratch();
        scratch.Write("tiny.yaml", TinySpec.Quick.Replace("[{kind: gmm-ring, name: ring8}]",
            "[{kind: gmm-ring, name: ring8}, {kind: gmm-product, name: ica4, dimensions: 4}]", StringComparison.Ordinal));

        SweepOutcome gpu = await SweepProcess.RunAsync(scratch.Path, Driver, "run", "tiny.yaml", "--device", "cuda:0", "--out", "gpu");
        SweepOutcome cpu = await SweepProcess.RunAsync(scratch.Path, "run", "tiny.yaml", "--device", "cpu", "--out", "cpu");

        Assert.True(gpu.ExitCode == 0, gpu.Error);
        Assert.Contains("slots on cuda:0 (tests' GPU)", gpu.Error, StringComparison.Ordinal);
        Assert.True(cpu.ExitCode == 0, cpu.Error);
        JsonArray[] groups = [.. await Task.WhenAll(new[] { "gpu", "cpu" }.Select(GroupsAsync))];
        Assert.Equal(8, groups[1].Count);
        foreach ((JsonNode? onGpu, JsonNode? onCpu) in groups[0].Zip(groups[1]))
        {
            foreach ((string name, JsonNode? metric) in onCpu!["metrics"]!.AsObject().Where(m => !m.Key.EndsWith("_seconds", StringComparison.Ordinal)))
                AssertNear(metric!["per_seed"]!.AsArray(), onGpu!["metrics"]![name]!["per_seed"]!.AsArray(), name);
            foreach ((string name, JsonNode? curve) in onCpu["curves"]!.AsObject())
                AssertNear(curve!["mean"]!.AsArray(), onGpu!["curves"]![name]!["mean"]!.AsArray(), name);
        }

        async Task<JsonArray> GroupsAsync(string run)
        {
            string text = await File.ReadAllTextAsync(Path.Combine(scratch.Path, run, "report", "report.json"), TestContext.Current.CancellationToken);
            return JsonNode.Parse(text)!["groups"]!.AsArray();
        }

        static void AssertNear(JsonArray expected, JsonArray actual, string what)
        {
            Assert.Equal(expected.Count, actual.Count);
            foreach ((JsonNode? cpu, JsonNode? gpu) in expected.Zip(actual))
            {
                Assert.Equal(cpu is null, gpu is null);
                if (cpu is not null)
                    Assert.True(Math.Abs(cpu.GetValue<double>() - gpu!.GetValue<double>()) <= Tolerances.PackedReport * (0.1
                        + Math.Abs(cpu.GetValue<double>())), $"{what}: {gpu} where the CPU has {cpu}");
            }
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
        Assert.Contains("yes  GPU trainer in tf32 on cuda-tf32:0: tests' GPU", sound.Output, StringComparison.Ordinal);
        Assert.Contains("no   GPU trainer on cuda:0: cuda:0 (tests' GPU) failed its check", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("ended without a step", wrong.Output, StringComparison.Ordinal);
        Assert.Contains("CUDA_ERROR_OUT_OF_MEMORY (out of memory)", little.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_WithKernelsCompiledAhead_LoadsThemAndFallsBackToThoseInTheBuild()
    {
        HostBackend.Require();
        using var scratch = new Scratch();
        scratch.Write("foreign/train-16.cubin", "for another GPU");

        // The driver loads it, and it has none of the kernels of width 16.
        scratch.Write("swapped/train-16.cubin", ".target sm_80\n.visible .entry train_32_0\0");

        SweepOutcome foreign = await SweepProcess.RunAsync(scratch.Path, [Driver, ("SWEEP_CUBINS", Path.Combine(scratch.Path, "foreign"))], "doctor");
        SweepOutcome swapped = await SweepProcess.RunAsync(scratch.Path, [Driver, ("SWEEP_CUBINS", Path.Combine(scratch.Path, "swapped"))], "doctor");

        Assert.Contains("yes  GPU trainer on cuda:0", foreign.Output, StringComparison.Ordinal);
        Assert.Contains("no   GPU trainer on cuda:0", swapped.Output, StringComparison.Ordinal);
        Assert.Contains("kernel train_16_0: CUDA_ERROR_NOT_FOUND", swapped.Output, StringComparison.Ordinal);
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

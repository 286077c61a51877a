using System.Diagnostics;
using System.Text.Json.Nodes;
using Sweep.Tests.Client;
using Sweep.Tests.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Bench;

/// <summary>bench/gpu/run.sh on the tests' driver (Kernels/driver.cpp): a GPU may be there for minutes only, and the script must not waste them.</summary>
public sealed class GpuRunTests
{
    private static readonly string Folder = Path.Combine(SweepProcess.RepositoryRoot, "bench", "gpu");
    private static readonly string Program = Path.Combine(Folder, "bin", "Release", "net10.0", "Sweep.Bench.Gpu");

    [Fact]
    public async Task Run_OnAGpu_WritesEachSectionAndATable()
    {
        Require();
        using var scratch = new Scratch();

        var (code, output) = await RunAsync([Path.Combine(Folder, "run.sh"), scratch.Path, "smoke", "ours"], ("QUICK", "1"));

        Assert.True(code == 0, output);
        Assert.Contains("ok    train_16_0, width 16", output, StringComparison.Ordinal);
        JsonNode results = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(scratch.Path, "results.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal([16], results["ours"]!.AsArray().Select(r => r!["width"]!.GetValue<int>()).Distinct());
        Assert.Contains("| 16, fp32 |", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenChecksDisagree_MeasuresNothing()
    {
        Require();
        using var scratch = new Scratch();

        var (code, output) = await RunAsync([Path.Combine(Folder, "run.sh"), scratch.Path, "smoke", "ours"], ("QUICK", "1"), ("SWEEP_TEST_GPU_FAULT", "wrong"));

        Assert.Equal(1, code);
        Assert.Contains("nothing is measured", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(scratch.Path, "ours.json")));
    }

    [Fact]
    public async Task Run_WhenTheChecksRunOutOfTime_SaysSoAndGoesOn()
    {
        using var scratch = new Scratch();
        string slow = scratch.Write("slow", "#!/bin/sh\nsleep 300\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(slow, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // On a slow machine the smallest budget is spent before the checks begin.
        var (code, output) = (-1, "");
        for (int budget = 4; budget < 200 && !output.Contains("ended by its time limit", StringComparison.Ordinal); budget *= 4)
        {
            (code, output) = await RunAsync([Path.Combine(Folder, "run.sh"), Path.Combine(scratch.Path, "out"), "smoke", "torchsharp"],
                ("GPU_BENCH", slow), ("BUDGET", $"{budget}"));
        }

        Assert.True(code == 0, output);
        Assert.Contains("ended by its time limit after", output, StringComparison.Ordinal);
        Assert.Contains("the checks were not finished", output, StringComparison.Ordinal);
        Assert.DoesNotContain("the checks failed", output, StringComparison.Ordinal);
        Assert.Contains("== torchsharp", output, StringComparison.Ordinal);
        Assert.Contains("left out", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAKernelThatHalfTheCacheHoldsOnce_FitsTwoBlocks()
    {
        Require();
        using var scratch = new Scratch();
        string results = Path.Combine(scratch.Path, "results.json");

        var (code, output) = await RunAsync([Program, "--check", "--widths=16", "--checks=16", $"--out={results}"]);

        Assert.True(code == 0, output);
        JsonNode kernel = JsonNode.Parse(await File.ReadAllTextAsync(results, TestContext.Current.CancellationToken))!["compiled"]!.AsArray()
            .Single(k => k!["kernel"]!.GetValue<string>() == "train_16_0")!;
        Assert.InRange(kernel["shared_bytes"]!.GetValue<int>(), 100_000, 115_712);
        Assert.Equal(2, kernel["blocks"]!.GetValue<int>());
    }

    [Fact]
    public async Task Publish_WithoutClang_SaysWhatItNeeds()
    {
        var (code, output) = await RunAsync(["/bin/bash", Path.Combine(Folder, "publish.sh")], ("PATH", "/nonexistent"));

        Assert.Equal(1, code);
        Assert.Contains("apt-get install clang", output, StringComparison.Ordinal);
    }

    private static void Require()
    {
        HostBackend.Require();
        Assert.True(File.Exists(Program), $"{Program} was not built");
    }

    private static async Task<(int Code, string Output)> RunAsync(string[] command, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LD_LIBRARY_PATH"] = Path.Combine(AppContext.BaseDirectory, "kernels", "driver");
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath)!;
        start.Environment["GPU_BENCH"] = Program;
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(4), TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}

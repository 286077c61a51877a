using System.Diagnostics;
using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>The GPU's kernels on this machine's processor: the very code that a GPU runs, against the reference in double.</summary>
public class HostKernelTests
{
    public HostKernelTests() => HostBackend.Require();

    public static TheoryData<int, int, int, Activation, int, int> Shapes()
    {
        // Dimensions, width, layers, activation, batch, steps.
        var data = new TheoryData<int, int, int, Activation, int, int>();
        foreach (var activation in Enum.GetValues<Activation>())
        {
            data.Add(2, 16, 3, activation, 48, 50);
            data.Add(2, 5, 2, activation, 37, 50);
            data.Add(3, 17, 2, activation, 33, 50);
        }

        data.Add(1, 4, 1, Activation.Silu, 7, 50);
        data.Add(5, 16, 8, Activation.Tanh, 20, 20);
        data.Add(4, 32, 3, Activation.Silu, 70, 20);
        data.Add(18, 24, 2, Activation.Gelu, 40, 20);
        data.Add(8, 64, 3, Activation.Silu, 65, 10);
        data.Add(2, 100, 3, Activation.Silu, 40, 10);
        data.Add(2, 128, 2, Activation.Relu, 130, 5);
        data.Add(70, 130, 1, Activation.Silu, 35, 5);
        data.Add(2, 256, 2, Activation.Silu, 40, 3);
        data.Add(2, 300, 1, Activation.Tanh, 20, 3);
        data.Add(2, 600, 1, Activation.Silu, 9, 2);
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Train_OnEveryVariant_AgreesWithDouble(int dimensions, int width, int layers, Activation activation, int batch, int steps)
    {
        var job = Jobs.Ring(steps, width, dimensions: dimensions, activation: activation, batch: batch, layers: layers);
        (double[] weights, double[] losses) = ReferenceTrainer.Train(job);
        KernelVariant[] variants = [.. KernelVariant.For(job.Mlp, HostBackend.H200SharedBytes)];
        Assert.NotEmpty(variants);
        foreach (var variant in variants)
            AssertNear(weights, losses, Train(job, variant), $"{variant.Name}, {job.Shape}");
    }

    public static TheoryData<string, Parametrisation, LossWeighting> Designs()
    {
        var data = new TheoryData<string, Parametrisation, LossWeighting>();
        foreach (string schedule in (string[])["vp-linear", "vp-cosine", "ve", "edm"])
        {
            foreach (var parametrisation in Enum.GetValues<Parametrisation>())
                data.Add(schedule, parametrisation, LossWeighting.Unit);
        }

        foreach (var weighting in Enum.GetValues<LossWeighting>())
            data.Add("edm", Parametrisation.Edm, weighting);
        return data;
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void Train_OnEveryDesign_AgreesWithDouble(string schedule, Parametrisation parametrisation, LossWeighting weighting)
    {
        var job = Jobs.Ring(20, batch: 40) with
        {
            Design = new TrainingDesign
            {
                Schedule = schedule switch { "vp-linear" => new VpLinear(), "vp-cosine" => new VpCosine(), "ve" => new VeGeometric(), _ => new EdmKarras() },
                Parametrisation = parametrisation,
                Weighting = weighting,
                Distribution = schedule == "edm" ? NoiseDistribution.LogNormalSigma() : NoiseDistribution.UniformTime,
            },
        };
        (double[] weights, double[] losses) = ReferenceTrainer.Train(job);
        AssertNear(weights, losses, Train(job), $"{schedule}, {parametrisation}, {weighting}");
    }

    /// <summary>Unlike trials in one launch, one of which diverges: each gives what it gives alone.</summary>
    [Fact]
    public void Train_OfUnlikeTrialsInOneLaunch_GivesWhatEachGivesAlone()
    {
        TrainingJob[] jobs =
        [
            Jobs.Ring(30, seed: 1),
            Jobs.Ring(45, seed: 2, learningRate: 1e-3, batch: 100),
            Jobs.Ring(60, seed: 3, learningRate: 1e30),
            Jobs.Ring(20, seed: 4) with { Design = new TrainingDesign { Schedule = new EdmKarras(), Parametrisation = Parametrisation.Edm } },
            Jobs.Ring(50, seed: 5) with { Data = [1.5f, -0.5f, 0.25f, 2] },
        ];
        using var backend = new HostBackend();
        var together = Trainer(backend).Train(jobs, new Recorder(), CancellationToken.None);
        Assert.Equal(jobs.Length, backend.MaxTrials);
        Assert.Throws<DivergedException>(() => together[2].Require());
        foreach (int i in (int[])[0, 1, 3, 4])
        {
            var alone = Trainer(backend).Train([jobs[i]], new Recorder(), CancellationToken.None)[0].Require();
            Assert.Equal(alone.Weights, together[i].Require().Weights);
            Assert.Equal(alone.Losses, together[i].Require().Losses);
        }
    }

    /// <summary>What threads of a phase do to each other would depend on who comes first.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    public void Train_WithThreadsInAnyOrder_GivesTheSameBits(int width)
    {
        var job = Jobs.Ring(3, width, batch: 100, layers: 3);
        foreach (var variant in Enum.GetValues<TrainingPrecision>().SelectMany(p => KernelVariant.For(job.Mlp, HostBackend.H200SharedBytes, p)).Distinct())
        {
            var expected = Train(job, variant);
            foreach (var order in (HostOrder[])[HostOrder.Descending, HostOrder.Scattered])
            {
                var actual = Train(job, variant, order);
                Assert.True(expected.Weights.AsSpan().SequenceEqual(actual.Weights), $"{variant.Name} differs with threads in {order} order");
                Assert.Equal(expected.Losses, actual.Losses);
            }
        }
    }

    /// <summary>
    /// A launch of every variant, an evaluation and some reverse steps with each of the GPU's threads a thread to the sanitizer: no two touch the same memory
    /// between barriers unless both read. Whole and odd widths, the activations in turn, several chunks of a batch, one of which is not whole.
    /// </summary>
    [Theory]
    [InlineData(16, 4, 140, Activation.Silu)]
    [InlineData(16, 5, 140, Activation.Relu)]
    [InlineData(16, 16, 140, Activation.Tanh)]
    [InlineData(32, 17, 70, Activation.Gelu)]
    [InlineData(32, 32, 70, Activation.Silu)]
    [InlineData(64, 50, 70, Activation.Relu)]
    [InlineData(64, 64, 70, Activation.Silu)]
    [InlineData(128, 100, 70, Activation.Tanh)]
    [InlineData(128, 128, 70, Activation.Gelu)]
    [InlineData(256, 200, 40, Activation.Silu)]
    [InlineData(512, 300, 40, Activation.Silu)]
    public async Task Train_UnderAThreadSanitizer_HasNoRaces(int kernels, int width, int batch, Activation activation)
    {
        string? checker = HostBackend.RaceCheck($"{kernels}");
        Assert.SkipWhen(checker is null, "no compiler with a thread sanitizer when the tests were built: apt-get install libclang-rt-14-dev or g++");
        var job = Jobs.Ring(2, width, activation: activation, batch: batch);
        string folder = Directory.CreateTempSubdirectory("sweep-race").FullName;
        try
        {
            List<(KernelVariant Variant, string Path, float[] Expected)> cases = [];
            foreach (var variant in Enum.GetValues<TrainingPrecision>().SelectMany(p => KernelVariant.For(job.Mlp, HostBackend.H200SharedBytes, p)).Distinct())
            {
                string path = Path.Combine(folder, variant.Name);
                using var backend = new CaseBackend(path);
                var options = new PackedOptions { Choose = _ => variant };
                cases.Add((variant, path,
                    new CudaTrainer(backend, options, TimeProvider.System).Train([job], new Recorder(), CancellationToken.None)[0].Require().Weights));
            }

            using var process = Process.Start(new ProcessStartInfo(checker!, cases.Select(c => c.Path))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment = { ["TSAN_OPTIONS"] = "exitcode=66" },
            })!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            using var output = new MemoryStream();
            await process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            string said = await errors;
            Assert.SkipWhen(said.Contains("unexpected memory mapping", StringComparison.Ordinal), "the thread sanitizer doesn't work on this kernel");
            Assert.True(process.ExitCode == 0,
                $"race check of {string.Join(", ", cases.Select(c => c.Variant.Name))}: exit {process.ExitCode}\n{said[..Math.Min(said.Length, 4000)]}");
            ReadOnlySpan<float> weights = MemoryMarshal.Cast<byte, float>(output.ToArray());
            foreach ((KernelVariant variant, _, float[] expected) in cases)
            {
                var plan = KernelPlan.For(job.Mlp, variant);
                float[] actual = new float[job.Shape.ParameterCount];
                plan.Unpad(job.Mlp, variant.WeightStride, weights[..plan.Parameters], actual);
                weights = weights[plan.Parameters..];
                Assert.Equal(expected, actual);
            }

            Assert.True(weights.IsEmpty);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Train_WhenMemoryIsShort_HalvesAndGoesOn()
    {
        TrainingJob[] jobs = [.. Enumerable.Range(0, 6).Select(i => Jobs.Ring(20, seed: (ulong)i))];
        using var enough = new HostBackend();
        var expected = Trainer(enough).Train(jobs, new Recorder(), CancellationToken.None);
        using var backend = new HostBackend(memoryBytes: enough.Peak - 30_000);
        var actual = Trainer(backend).Train(jobs, new Recorder(), CancellationToken.None);
        Assert.InRange(backend.MaxTrials, 1, 5);
        for (int i = 0; i < jobs.Length; i++)
            Assert.Equal(expected[i].Require().Weights, actual[i].Require().Weights);
        Assert.Equal(0, backend.Allocated);
        using var tiny = new HostBackend(memoryBytes: 10_000);
        Assert.Throws<DeviceMemoryException>(() => Trainer(tiny).Train(jobs, new Recorder(), CancellationToken.None));
        Assert.Equal(0, tiny.Allocated);
    }

    [Fact]
    public void Train_WithADeviceOfLittleSharedMemory_TakesAVariantThatFits()
    {
        var job = Jobs.Ring(5, 64, layers: 8);
        using var backend = new HostBackend(sharedBytes: 48 << 10);
        var network = Trainer(backend).Train([job], new Recorder(), CancellationToken.None)[0].Require();
        (double[] weights, double[] losses) = ReferenceTrainer.Train(job);
        AssertNear(weights, losses, network, "48 KiB");
    }

    /// <summary>The stop flag is seen within a launch of any length, and what was done until then is kept.</summary>
    [Fact]
    public void Train_WhenCancelledWithinALaunch_StopsAtTheNextLook()
    {
        var job = Jobs.Ring(100_000);
        using var cancellation = new CancellationTokenSource();
        HostBackend? raised = null;
        using var backend = new HostBackend { BeforeLaunch = () => { if (raised!.Launches == 1) cancellation.Cancel(); } };
        raised = backend;
        var recorder = new Recorder { Wants = true };
        var trainer =
            new CudaTrainer(backend, new PackedOptions { FirstSteps = 100, MaxSteps = 100_000, LaunchTarget = TimeSpan.FromHours(1) }, TimeProvider.System);
        Assert.Throws<OperationCanceledException>(() => trainer.Train([job], recorder, cancellation.Token));
        Assert.InRange(recorder.Checkpoints[^1].Step, 100, 116);
    }

    private static CudaTrainer Trainer(HostBackend backend) => new(backend, new PackedOptions(), TimeProvider.System);

    private static TrainedNetwork Train(TrainingJob job, KernelVariant? variant = null, HostOrder order = HostOrder.Ascending)
    {
        using var backend = new HostBackend(order);
        var options = new PackedOptions { Choose = fitting => variant ?? fitting[0] };
        return new CudaTrainer(backend, options, TimeProvider.System).Train([job], new Recorder(), CancellationToken.None)[0].Require();
    }

    private static void AssertNear(double[] weights, double[] losses, TrainedNetwork actual, string what)
    {
        Assert.Equal(losses.Length, actual.Losses.Count);
        for (int i = 0; i < losses.Length; i++)
            Assert.True(Math.Abs(losses[i] - actual.Losses[i].Loss) <= Tolerances.PackedLoss * losses[i],
                $"{what}: loss {i} is {actual.Losses[i].Loss} where double gives {losses[i]}");
        double squares = 0, moved = 0;
        float[] start = actual.Shape.DrawWeights(5);
        for (int i = 0; i < weights.Length; i++)
        {
            squares += Math.Pow(weights[i] - actual.Weights[i], 2);
            moved += Math.Pow(weights[i] - start[i], 2);
        }

        Assert.True(Math.Sqrt(squares / moved) <= Tolerances.PackedWeights, $"{what}: weights differ by {Math.Sqrt(squares / moved)} of the way they went");
    }
}

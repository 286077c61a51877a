using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Tests.Diffusion.Training.Cuda;
using TorchSharp;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Torch;

public sealed class TorchTrainerTests
{
    public TorchTrainerTests() => Assert.SkipWhen(TorchRuntime.Missing is not null, TorchRuntime.Missing ?? "");

    public static TheoryData<int, int, int, Activation, int, int> Shapes()
    {
        var data = new TheoryData<int, int, int, Activation, int, int>();
        foreach (var activation in Enum.GetValues<Activation>())
            data.Add(3, 17, 2, activation, 33, 50);
        data.Add(1, 4, 1, Activation.Silu, 7, 50);
        data.Add(5, 16, 8, Activation.Tanh, 20, 20);
        data.Add(18, 24, 2, Activation.Gelu, 40, 20);
        data.Add(2, 128, 2, Activation.Relu, 130, 5);
        data.Add(2, 300, 1, Activation.Tanh, 20, 3);
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Train_OfAnMlp_AgreesWithDouble(int dimensions, int width, int layers, Activation activation, int batch, int steps) =>
        AssertNear(Jobs.Ring(steps, width, dimensions: dimensions, activation: activation, batch: batch, layers: layers));

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
    public void Train_OnEveryDesign_AgreesWithDouble(string schedule, Parametrisation parametrisation, LossWeighting weighting) =>
        AssertNear(Jobs.Ring(20, batch: 40) with
    {
        Design = new TrainingDesign
        {
            Schedule = schedule switch { "vp-linear" => new VpLinear(), "vp-cosine" => new VpCosine(), "ve" => new VeGeometric(), _ => new EdmKarras() },
            Parametrisation = parametrisation,
            Weighting = weighting,
            Distribution = schedule == "edm" ? NoiseDistribution.LogNormalSigma() : NoiseDistribution.UniformTime,
        },
    });

    [Fact]
    public void Train_OnEveryNoiseDistribution_AgreesWithDouble()
    {
        foreach (var distribution in (NoiseDistribution[])[NoiseDistribution.UniformSigma, NoiseDistribution.LogUniformSigma,
            NoiseDistribution.LogNormalSigma(0, 1)])
            AssertNear(Jobs.Ring(10, batch: 40) with { Design = new TrainingDesign { Schedule = new VeGeometric(), Distribution = distribution } });
    }

    /// <summary>A batch that is computed in parts gives what it gives whole.</summary>
    [Fact]
    public void Train_OfABatchInParts_AgreesWithDouble() => AssertNear(Jobs.Ring(2, 400, batch: 900, layers: 3));

    [Fact]
    public void Train_Over10000Steps_KeepsNoTensors()
    {
        var job = Jobs.Ring(10_000, width: 4, batch: 4, layers: 1);
        var counter = new CountingObserver();
        TorchRuntime.Engine.CreateTrainer("torch:cpu").Train([job], counter, CancellationToken.None);
        Assert.Equal(200, counter.Tensors.Count);
        Assert.Equal(counter.Tensors[0], counter.Tensors[^1]);
        Assert.All(counter.Tensors, t => Assert.Equal(counter.Tensors[0], t));
    }

    [Fact]
    public void Train_WithoutEnoughMemory_SaysSoApartFromFailure()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a system that refuses memory");

        // Some 2^47 bytes: no machine has them, and none hands them out.
        var e = Assert.ThrowsAny<OutOfMemoryException>(() => TorchMemoryProbe.Allocate(1L << 45));
        Assert.Contains("torch:cpu", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_OnceLoaded_SaysWhichItIs()
    {
        Assert.Contains("libtorch", TorchRuntime.Engine.Library, StringComparison.Ordinal);
        Assert.Contains("BLAS", TorchRuntime.Engine.Library, StringComparison.Ordinal);
        Assert.Equal("torch:cpu", TorchRuntime.Engine.Devices[0]);
        var e = Assert.Throws<ArgumentException>(() => TorchRuntime.Engine.CreateTrainer("torch:cuda:99"));
        Assert.Contains("allowed here: torch:cpu", e.Message, StringComparison.Ordinal);
    }

    private static void AssertNear(TrainingJob job)
    {
        (double[] weights, double[] losses) = ReferenceTrainer.Train(job);
        var actual = TorchRuntime.Engine.CreateTrainer("torch:cpu").Train([job], new Recorder(), CancellationToken.None)[0].Require();
        Assert.Equal(losses.Length, actual.Losses.Count);
        for (int i = 0; i < losses.Length; i++)
            Assert.True(Math.Abs(losses[i] - actual.Losses[i].Loss) <= Tolerances.PackedLoss * losses[i],
                $"loss {i} is {actual.Losses[i].Loss} where double gives {losses[i]}");
        double squares = 0, moved = 0;
        float[] start = actual.Shape.DrawWeights(job.Seed);
        for (int i = 0; i < weights.Length; i++)
        {
            squares += Math.Pow(weights[i] - actual.Weights[i], 2);
            moved += Math.Pow(weights[i] - start[i], 2);
        }

        Assert.True(Math.Sqrt(squares / moved) <= Tolerances.PackedWeights, $"weights differ by {Math.Sqrt(squares / moved)} of the way they went");
    }

    /// <summary>Counts the tensors of this thread's scopes and of none.</summary>
    private sealed class CountingObserver : ITrainingObserver
    {
        public List<long> Tensors { get; } = [];

        public void OnLoss(int job, LossPoint point) => Tensors.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}

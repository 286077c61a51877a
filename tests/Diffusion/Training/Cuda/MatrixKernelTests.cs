using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>Training by the tensor cores in tf32, whose instruction the host does lane by lane, against single precision.</summary>
public class MatrixKernelTests
{
    public MatrixKernelTests() => HostBackend.Require();

    public static TheoryData<int, int, int, Activation, int> Shapes()
    {
        // Dimensions, width, layers, activation, batch.
        var data = new TheoryData<int, int, int, Activation, int>();
        foreach (var activation in Enum.GetValues<Activation>())
            data.Add(2, 32, 3, activation, 70);
        data.Add(1, 17, 1, Activation.Silu, 7);
        data.Add(3, 33, 2, Activation.Tanh, 64);
        data.Add(18, 24, 2, Activation.Gelu, 40);
        data.Add(2, 64, 3, Activation.Silu, 130);
        data.Add(5, 64, 8, Activation.Silu, 65);
        data.Add(2, 100, 3, Activation.Silu, 37);
        data.Add(2, 128, 2, Activation.Relu, 129);
        data.Add(70, 130, 2, Activation.Silu, 35);
        data.Add(2, 256, 3, Activation.Silu, 40);
        data.Add(2, 300, 2, Activation.Tanh, 20);
        data.Add(2, 600, 1, Activation.Silu, 9);
        return data;
    }

    /// <summary>After one step Adam's first moments are the gradient.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Train_InTf32_HasSinglePrecisionsGradient(int dimensions, int width, int layers, Activation activation, int batch)
    {
        // From somewhere on the way, where no layer's gradient is zero.
        var job = Jobs.Ring(4, width, dimensions: dimensions, activation: activation, batch: batch, layers: layers);
        job = job with { Checkpoint = Checkpoint(job, null, 3) };
        float[] expected = Gradient(job, null);
        KernelVariant[] variants = [.. KernelVariant.For(job.Mlp, HostBackend.H200SharedBytes, TrainingPrecision.Tf32)];
        Assert.NotEmpty(variants);
        Assert.All(variants, v => Assert.Equal(TrainingPrecision.Tf32, v.Precision));
        foreach (var variant in variants)
        {
            float[] actual = Gradient(job, variant);
            double worst = 0, farthest = 0;
            foreach (ParameterBlock block in job.Shape.Blocks)
            {
                int count = block.Rows * Math.Max(1, block.Columns);
                double largest = 0, apart = 0, squares = 0, errors = 0;
                for (int i = block.Offset; i < block.Offset + count; i++)
                {
                    largest = Math.Max(largest, Math.Abs(expected[i]));
                    apart = Math.Max(apart, Math.Abs(expected[i] - actual[i]));
                    squares += Math.Pow(expected[i], 2);
                    errors += Math.Pow(expected[i] - actual[i], 2);
                }

                Assert.True(largest > 0, $"{variant.Name}: no gradient at {block.Offset}");
                worst = Math.Max(worst, apart / largest);
                farthest = Math.Max(farthest, Math.Sqrt(errors / squares));
            }

            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{variant.Name}, {activation}: largest error {worst:E1} of a tensor's largest entry, {farthest:E1} of a tensor by root mean square");

            // And it is tf32: single precision in another order would be at 1e-6.
            Assert.True(farthest > 2e-5, $"{variant.Name}: gradients differ by no more than {farthest}");
            (double error, double allowed) = activation == Activation.Relu ? (farthest, Tolerances.Tf32ReluGradient) : (worst, Tolerances.Tf32Gradient);
            Assert.True(error <= allowed, $"{variant.Name}, {job.Shape}: gradients differ by {error} of their tensors' size");
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(64)]
    public void Train_InTf32_LosesAsDoubleDoes(int width)
    {
        var job = Jobs.Ring(50, width, batch: 64);
        (_, double[] losses) = ReferenceTrainer.Train(job);
        using var backend = new HostBackend();
        var network = new CudaTrainer(backend, new PackedOptions { Precision = TrainingPrecision.Tf32 }, TimeProvider.System)
            .Train([job], new Recorder(), CancellationToken.None)[0].Require();
        for (int i = 0; i < losses.Length; i++)
            Assert.Equal(losses[i], network.Losses[i].Loss, Tolerances.Tf32Loss * losses[i]);
    }

    [Fact]
    public void For_ANetworkTooNarrowForTiles_IsSinglePrecision() =>
        Assert.Equal(
            KernelVariant.For(new MlpShape(2, 32, 16, 2, Activation.Silu), HostBackend.H200SharedBytes),
            KernelVariant.For(new MlpShape(2, 32, 16, 2, Activation.Silu), HostBackend.H200SharedBytes, TrainingPrecision.Tf32));

    private static float[] Gradient(TrainingJob job, KernelVariant? variant)
    {
        // m = 0.9 m + 0.1 g.
        float[] before = TrainingCheckpoint.FromBytes(job.Checkpoint!, job.Shape, job.Settings.Steps).First;
        float[] after = TrainingCheckpoint.FromBytes(Checkpoint(job, variant, 4), job.Shape, job.Settings.Steps).First;
        return [.. before.Zip(after, (m, n) => (n - (0.9f * m)) / 0.1f)];
    }

    /// <summary>The state after a number of steps.</summary>
    private static byte[] Checkpoint(TrainingJob job, KernelVariant? variant, int step)
    {
        using var backend = new HostBackend();
        var recorder = new Recorder { Wants = true };
        new CudaTrainer(backend, new PackedOptions { FirstSteps = 1, MaxSteps = 1, Choose = all => variant ?? all[0] }, TimeProvider.System)
            .Train([job], recorder, CancellationToken.None);
        return recorder.Checkpoints.First(c => c.Step == step).Bytes;
    }
}

using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Kernels;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Training;

public class CpuTrainerTests
{
    public static TheoryData<int, int, Activation, int> Shapes => new()
    {
        { 2, 16, Activation.Silu, 64 },
        { 2, 5, Activation.Tanh, 37 },
        { 3, 40, Activation.Gelu, 20 },
        { 17, 100, Activation.Relu, 130 },
        { 8, 128, Activation.Silu, 32 },
        { 5, 16, Activation.Silu, 48 },
        { 6, 48, Activation.Silu, 80 },
        { 7, 20, Activation.Silu, 16 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Train_OnEveryVectorPath_GivesIdenticalWeightsAfter200Steps(int dimensions, int width, Activation activation, int batch)
    {
        var job = Jobs.Ring(200, width, dimensions: dimensions, activation: activation, batch: batch);
        var expected = new CpuTrainer(VectorPath.Scalar).Train([job], new Recorder(), CancellationToken.None)[0].Require();
        foreach (var path in new[] { VectorPath.Vector256, VectorPath.Vector512 }.Where(VectorPaths.Supports))
        {
            var actual = new CpuTrainer(path).Train([job], new Recorder(), CancellationToken.None)[0].Require();
            Assert.Equal(expected.Losses, actual.Losses);
            Assert.True(expected.Weights.AsSpan().SequenceEqual(actual.Weights), $"{path} differs from scalar at width {width}");
        }
    }

    [Fact]
    public void Train_PerStep_AllocatesNothing()
    {
        long Allocated(int steps)
        {
            var job = Jobs.Ring(steps);
            using var run = new CpuTrainingRun(job, VectorPaths.Best);
            run.Step(CancellationToken.None);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 1; i < steps; i++)
                run.Step(CancellationToken.None);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(10);
        Assert.Equal(0, Allocated(300));
    }

    /// <summary>
    /// However large the batch: a block of 128 rows or fewer is all that stands between a request and the trainer's return, milliseconds for the widest
    /// networks.
    /// </summary>
    [Theory]
    [InlineData(16, 1)]
    [InlineData(256, 5)]
    [InlineData(300, 30)]
    public void Step_WhenCancelledWithinABatch_EndsAfterThatBlockAndChangesNothing(int width, int block)
    {
        using var source = new CancellationTokenSource();
        var job = Jobs.Ring(10, width, batch: 10_000);
        using var batches = new CancellingBatches(source, block);
        using var run = new CpuTrainingRun(job, VectorPaths.Best, batches);
        float[] before = run.Weights();

        Assert.Null(run.Step(source.Token));
        Assert.Equal(block, batches.Blocks);
        Assert.InRange(batches.LargestBlock, 1, 128);
        Assert.Equal(0, run.StepsDone);
        Assert.Equal(before, run.Weights());
    }

    [Fact]
    public void Train_WithMoreSteps_ReachesALowerLoss()
    {
        // Ring of eight at VP's uniform times: even the exact denoiser's loss is far from 0, but 600 steps take most of what there is to learn.
        var network = new CpuTrainer().Train([Jobs.Ring(600, batch: 256)], new Recorder(), CancellationToken.None)[0].Require();
        Assert.InRange(network.Losses[0].Loss, 0.6, 1.2);
        Assert.InRange(network.Losses[^1].Loss, 0.05, 0.35);
    }

    [Fact]
    public void Constructor_OnAPathTheMachineLacks_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpuTrainer(VectorPaths.Supports(VectorPath.Vector512) ? (VectorPath)99 : VectorPath.Vector512));

    /// <summary>Empty batches; asks for cancellation while it fills one of their blocks.</summary>
    private sealed class CancellingBatches(CancellationTokenSource source, int at) : BatchSource
    {
        public int Blocks { get; private set; }

        public int LargestBlock { get; private set; }

        public override void Fill(FusedMlp network, int step, int firstRow, int rows)
        {
            LargestBlock = Math.Max(LargestBlock, rows);
            if (++Blocks == at)
                source.Cancel();
        }

        public override void Dispose()
        {
        }
    }
}

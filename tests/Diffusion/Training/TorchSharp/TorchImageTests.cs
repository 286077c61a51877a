using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Torch;
using TorchSharp;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Torch;

/// <summary>A U-Net's training: it learns, goes on where it was, ends when asked, and lets memory be.</summary>
public sealed class TorchImageTests
{
    public TorchImageTests() => Assert.SkipWhen(TorchRuntime.Missing is not null, TorchRuntime.Missing ?? "");

    [Fact]
    public void Train_OnStripes_LearnsThem()
    {
        var network = Train(Stripes(400), new Recorder());
        Assert.InRange(network.Losses[0].Loss, 0.5, 1.5);
        Assert.InRange(network.Losses.Skip(180).Average(l => l.Loss), 0, 0.3 * network.Losses[0].Loss);
        Assert.IsType<UNetShape>(network.Shape);
    }

    [Fact]
    public void Train_FromACheckpoint_ContinuesBitEqual()
    {
        var job = Stripes(130);
        var recorder = new Recorder { Wants = true };
        var whole = Train(job, recorder);
        (_, int step, byte[] bytes) = recorder.Checkpoints[0];
        Assert.Equal(64, step);
        var resumed = Train(job with { Checkpoint = bytes }, new Recorder());
        Assert.Equal(whole.Weights, resumed.Weights);
        Assert.Equal(whole.Losses, resumed.Losses);
    }

    /// <summary>The largest networks too are looked at again after some 1e9 operations, or after sixteen rows.</summary>
    [Theory]
    [InlineData(64, 16, 1)]
    [InlineData(64, 256, 8)]
    public void Step_WhenCancelled_ChangesNothingAndPartsAreSmall(int dimensions, int channels, int blocks)
    {
        var job = Stripes(10) with { Shape = new UNetShape(dimensions, 8, channels, blocks, Activation.Silu), Settings = new TrainingSettings(10, 4096, 1e-3) };
        int rows = TorchBatches.RowsAtOnce(job, torch.CPU);
        Assert.True(rows == 16 || 6 * job.Shape.Multiplications * rows <= 1e9, $"{rows} rows at once");
        if (channels > 16)
            return;
        using var run = new TorchRun(job, torch.CPU, CancellationToken.None);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Null(run.Step(source.Token));
        Assert.Equal(0, run.StepsDone);
        Assert.Equal(job.Shape.DrawWeights(job.Seed), run.Network().Weights);
    }

    private static TrainedNetwork Train(TrainingJob job, Recorder recorder) =>
        TorchRuntime.Engine.CreateTrainer("torch:cpu").Train([job], recorder, CancellationToken.None)[0].Require();

    /// <summary>Waves of any phase across images of 8 x 8.</summary>
    private static TrainingJob Stripes(int steps)
    {
        var stream = new PhiloxStream(5, NoisePurpose.TrainingPoints);
        float[] data = new float[500 * 64];
        for (int row = 0; row < 500; row++)
        {
            double phase = 2 * Math.PI * stream.NextDouble();
            for (int i = 0; i < 64; i++)
                data[(row * 64) + i] = (float)(Math.Sqrt(2) * Math.Sin((2 * Math.PI * (i % 8) / 8) + phase));
        }

        return new TrainingJob
        {
            Shape = new UNetShape(64, 8, 8, 1, Activation.Silu),
            Settings = new TrainingSettings(steps, 32, 5e-3, warmupSteps: 20),
            Design = new TrainingDesign { Schedule = new VpCosine() },
            Data = data,
            Seed = 3,
        };
    }
}

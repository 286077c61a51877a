using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Xunit;

namespace Sweep.Tests.Diffusion.Training;

/// <summary>What every <see cref="ITrainer"/> promises.</summary>
public abstract class TrainerConformance
{
    /// <summary>Most steps until a trainer notices a cancellation that an observer asks for.</summary>
    protected virtual int StepsBetweenLooks => 4;

    protected abstract ITrainer Create();

    /// <summary>The network that the suite trains, of the numbers of an MLP.</summary>
    private protected virtual NetworkShape Shape(MlpShape shape) => shape;

    private TrainingJob Ring(int steps, int width = 16, ulong seed = 5, double learningRate = 1e-2)
    {
        var job = Jobs.Ring(steps, width, seed, learningRate);
        return job with { Shape = Shape(job.Mlp) };
    }

    [Fact]
    public void Train_Twice_GivesTheSameNetwork()
    {
        var job = Ring(steps: 60);
        Assert.Equal(TrainAlone(job).Weights, TrainAlone(job).Weights);
    }

    [Fact]
    public void Train_InABatch_GivesWhatEachJobGivesAlone()
    {
        TrainingJob[] jobs = [Ring(steps: 50, seed: 1), Ring(steps: 50, seed: 2)];
        var together = Create().Train(jobs, new Recorder(), CancellationToken.None);
        for (int i = 0; i < jobs.Length; i++)
            Assert.Equal(TrainAlone(jobs[i]).Weights, together[i].Require().Weights);
        Assert.NotEqual(together[0].Require().Weights, together[1].Require().Weights);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(599)]
    public void Train_FromACheckpoint_ContinuesBitEqual(int checkpointAt)
    {
        var job = Ring(steps: 640);
        var whole = TrainAlone(job);
        using var cancellation = new CancellationTokenSource();
        var recorder = new Recorder { CancelAfterLossAt = checkpointAt, Cancellation = cancellation, Wants = true };
        Assert.Throws<OperationCanceledException>(() => Create().Train([job], recorder, cancellation.Token));
        (_, int step, byte[] bytes) = recorder.Checkpoints[^1];
        Assert.InRange(step, checkpointAt, checkpointAt + StepsBetweenLooks);
        var resumed = TrainAlone(job with { Checkpoint = bytes });
        Assert.Equal(whole.Weights, resumed.Weights);
        Assert.Equal(whole.Losses, resumed.Losses);
    }

    [Fact]
    public void Train_WithSnapshots_HandsOutTheWeightsOfThoseStepsAndTrainsTheSame()
    {
        var job = Ring(steps: 150);
        var recorder = new Recorder { Wants = true };
        var network = Create().Train([job with { SnapshotSteps = [0, 1, 64, 150] }, job], recorder, CancellationToken.None);
        Assert.Equal([(0, 0), (0, 1), (0, 64), (0, 150)], recorder.Snapshots.Select(s => (s.Job, s.Step)));
        Assert.Equal(network[1].Require().Weights, network[0].Require().Weights);
        Assert.Equal(network[1].Require().Losses, network[0].Require().Losses);
        Assert.Equal(network[1].Require().Weights, recorder.Snapshots[3].Network.Weights);
        Assert.Equal(network[1].Require().SigmaData, recorder.Snapshots[0].Network.SigmaData);
        Assert.NotEqual(recorder.Snapshots[0].Network.Weights, recorder.Snapshots[1].Network.Weights);
        (_, int at, byte[] bytes) = recorder.Checkpoints.First(c => c.Step == 64);
        var resumed = new Recorder();
        Create().Train([job with { Checkpoint = bytes, SnapshotSteps = [0, at, at + 1, 150] }], resumed, CancellationToken.None);
        Assert.Equal([65, 150], resumed.Snapshots.Select(s => s.Step));
        Assert.Equal(network[1].Require().Weights, resumed.Snapshots[1].Network.Weights);
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(3, 3)]
    [InlineData(3, 11)]
    public void Train_WithSnapshotsThatAreNoSteps_SaysWhatIsAllowed(int first, int second)
    {
        var e = Assert.Throws<TrainingDesignException>(() => Create()
            .Train([Ring(steps: 10) with { SnapshotSteps = [first, second] }], new Recorder(), CancellationToken.None));
        Assert.Contains("allowed: ascending, from ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithACheckpointOfAnotherShape_SaysWhatIsWrong()
    {
        var recorder = new Recorder { Wants = true };
        Create().Train([Ring(steps: 64)], recorder, CancellationToken.None);
        var other = Ring(steps: 64, width: 17) with { Checkpoint = recorder.Checkpoints[0].Bytes };
        var e = Assert.Throws<TrainingDesignException>(() => Create().Train([other], new Recorder(), CancellationToken.None));
        Assert.Contains("allowed: ", e.Message, StringComparison.Ordinal);
        Assert.Throws<TrainingDesignException>(() => Create().Train([other with { Checkpoint = [1, 2, 3] }], new Recorder(), CancellationToken.None));
    }

    [Fact]
    public void Train_Always_StreamsTheWholeLossCurve()
    {
        var recorder = new Recorder();
        var network = Create().Train([Ring(steps: 1000)], recorder, CancellationToken.None)[0].Require();
        Assert.Equal(200, network.Losses.Count);
        Assert.Equal(network.Losses, recorder.Losses.Select(l => l.Point));
        Assert.Equal(1000, network.Losses[^1].Step);
        Assert.True(network.Losses[^1].Loss < network.Losses[0].Loss);
    }

    [Fact]
    public void Train_WhenOneJobDiverges_NamesItsStepAndFinishesTheOthers()
    {
        var outcomes = Create().Train([Ring(steps: 300, learningRate: 1e30), Ring(steps: 300)], new Recorder(), CancellationToken.None);
        var e = Assert.Throws<DivergedException>(() => outcomes[0].Require());
        Assert.False(double.IsFinite(e.Loss));
        Assert.Contains($"step {e.Step}", e.Message, StringComparison.Ordinal);
        Assert.Equal(TrainAlone(Ring(steps: 300)).Weights, outcomes[1].Require().Weights);
    }

    [Theory]
    [InlineData(new float[0])]
    [InlineData(new float[] { 1, 2, 3 })]
    [InlineData(new float[] { 1, float.NaN })]
    [InlineData(new float[] { 0, 0 })]
    public void Train_OnImpossibleData_SaysWhatIsAllowed(float[] data)
    {
        var e = Assert.Throws<TrainingDesignException>(() => Create().Train([Ring(steps: 1) with { Data = data }], new Recorder(), CancellationToken.None));
        Assert.Contains("allowed: ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Parametrisation.Epsilon)]
    [InlineData(Parametrisation.X0)]
    [InlineData(Parametrisation.V)]
    [InlineData(Parametrisation.Edm)]
    public void Train_OnAPoint_LearnsThatEverythingIsThatPoint(Parametrisation parametrisation)
    {
        // One training point: the exact x0-hat is that point at every noise level.
        var job = Ring(steps: 1500) with { Data = [1.5f, -0.5f], Design = new TrainingDesign { Schedule = new VpCosine(), Parametrisation = parametrisation } };
        using var denoiser = TrainAlone(job).CreateDenoiser();
        double[] x = [0.3, 0.4, -0.5, 0.9], x0 = new double[4];
        denoiser.Denoise(x, new VpCosine().At(0.5), x0);
        for (int i = 0; i < 4; i++)
            Assert.Equal(i % 2 == 0 ? 1.5 : -0.5, x0[i], Tolerances.TrainedPoint);
    }

    private protected TrainedNetwork TrainAlone(TrainingJob job) => Create().Train([job], new Recorder(), CancellationToken.None)[0].Require();
}

public class CpuTrainerConformance : TrainerConformance
{
    protected override ITrainer Create() => new CpuTrainer();
}

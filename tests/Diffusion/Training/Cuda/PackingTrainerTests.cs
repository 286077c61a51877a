using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>Many threads' jobs packed into common launches, on the host's build of the kernels.</summary>
public sealed class PackingTrainerTests : IDisposable
{
    private readonly HostBackend _backend = new();
    private readonly PackingTrainer _trainer;

    public PackingTrainerTests()
    {
        HostBackend.Require();
        _trainer = new PackingTrainer(_backend, new PackedOptions { FirstSteps = 32, MaxSteps = 32 }, TimeProvider.System);
    }

    /// <summary>Which also says whether it gave all memory back.</summary>
    public void Dispose()
    {
        _trainer.Dispose();
        Assert.Equal(0, _backend.Allocated);
    }

    [Fact]
    public async Task Train_FromManyThreads_PacksThemAndGivesWhatEachGivesAlone()
    {
        TrainingJob[] jobs = [.. Enumerable.Range(0, 12).Select(i => Jobs.Ring(100 + (40 * (i % 3)), width: i % 4 == 3 ? 20 : 16, seed: (ulong)i))];
        Recorder[] recorders = [.. jobs.Select(_ => new Recorder { Wants = true })];
        var outcomes = await Task.WhenAll(jobs.Select((job, i) => OnItsThread(job, recorders[i], CancellationToken.None)));
        Assert.InRange(_backend.MaxTrials, 2, 9);
        using var alone = new HostBackend();
        for (int i = 0; i < jobs.Length; i++)
        {
            var expected = new CudaTrainer(alone, new PackedOptions(), TimeProvider.System)
                .Train([jobs[i]], new Recorder(), CancellationToken.None)[0].Require();
            var actual = outcomes[i].Require();
            Assert.Equal(expected.Weights, actual.Weights);
            Assert.Equal(expected.Losses, actual.Losses);
            Assert.Equal(expected.Losses, recorders[i].Losses.Select(l => l.Point));
            Assert.All(recorders[i].Losses, l => Assert.Equal(0, l.Job));
        }
    }

    /// <summary>Calls that return while the packing thread is still on its way out: what it touches then must not be gone.</summary>
    [Fact]
    public void Train_OfManyShortJobs_LosesNone()
    {
        var job = Jobs.Ring(1, width: 4, batch: 2, layers: 1);
        var expected = _trainer.Train([job], new Recorder(), CancellationToken.None)[0].Require().Weights;
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (int i = 0; i < 100; i++)
                Assert.Equal(expected, _trainer.Train([job], new Recorder(), CancellationToken.None)[0].Require().Weights);
        });
    }

    [Fact]
    public async Task Train_WhenOneIsCancelled_ChecksItPointsItAndTrainsTheOthers()
    {
        using var cancellation = new CancellationTokenSource();
        var recorder = new Recorder { Wants = true, CancelAfterLossAt = 40, Cancellation = cancellation };
        var job = Jobs.Ring(200_000);
        var other = Jobs.Ring(300, seed: 8);
        var cancelled = OnItsThread(job, recorder, cancellation.Token);
        var trained = OnItsThread(other, new Recorder(), CancellationToken.None);
        await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled);
        (_, int step, byte[] bytes) = recorder.Checkpoints[^1];
        Assert.InRange(step, 40, job.Settings.Steps - 1);
        using var alone = new HostBackend();
        var single = new CudaTrainer(alone, new PackedOptions(), TimeProvider.System);
        Assert.Equal(single.Train([other], new Recorder(), CancellationToken.None)[0].Require().Weights, (await trained).Require().Weights);

        // What it left goes on bit for bit: another hundred steps from there and from a run that was never stopped.
        int end = step + 100;
        var shorter = job with { SnapshotSteps = [step, end] };
        var whole = new Recorder { CancelAfterLossAt = end, Cancellation = new CancellationTokenSource() };
        Assert.Throws<OperationCanceledException>(() => single.Train([shorter], whole, whole.Cancellation.Token));
        var resumed = new Recorder { CancelAfterLossAt = end, Cancellation = new CancellationTokenSource() };
        Assert.Throws<OperationCanceledException>(() => single.Train([shorter with { Checkpoint = bytes }], resumed, resumed.Cancellation.Token));
        Assert.Equal(whole.Snapshots.Single(s => s.Step == end).Network.Weights, resumed.Snapshots.Single(s => s.Step == end).Network.Weights);
    }

    [Fact]
    public async Task Train_WhenAnObserverThrows_EndsThatCallAlone()
    {
        var failing = OnItsThread(Jobs.Ring(200_000), new Thrower(), CancellationToken.None);
        var trained = OnItsThread(Jobs.Ring(100, seed: 8), new Recorder(), CancellationToken.None);
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal("from the observer", e.Message);
        Assert.NotNull((await trained).Network);
    }

    [Fact]
    public async Task Train_WhenTheDeviceFails_TellsEveryCallAndWorksAgainAfterwards()
    {
        bool broken = true;
        using var backend =
            new HostBackend { BeforeLaunch = () => { if (broken) throw new CudaException("CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)"); } };
        using var trainer = new PackingTrainer(backend, new PackedOptions(), TimeProvider.System);
        var calls = Enumerable.Range(0, 4)
            .Select(i => Start(() => trainer.Train([Jobs.Ring(50, seed: (ulong)i)], new Recorder(), CancellationToken.None)[0])).ToArray();
        foreach (var call in calls)
            Assert.Contains("CUDA_ERROR_LAUNCH_FAILED", (await Assert.ThrowsAsync<CudaException>(() => call)).Message, StringComparison.Ordinal);
        broken = false;
        Assert.NotNull(trainer.Train([Jobs.Ring(50)], new Recorder(), CancellationToken.None)[0].Network);
    }

    [Fact]
    public async Task Train_WhenMemoryIsShort_WaitsForOtherShapesToEnd()
    {
        TrainingJob[] jobs = [.. Enumerable.Range(0, 8).Select(i => Jobs.Ring(60, width: i % 2 == 0 ? 16 : 100, seed: (ulong)i))];
        long enough;
        using (var backend = new HostBackend())
        using (var trainer = new PackingTrainer(backend, new PackedOptions(), TimeProvider.System))
        {
            trainer.Train([jobs[1], jobs[3]], new Recorder(), CancellationToken.None);
            enough = backend.Peak;
        }

        using var little = new HostBackend(memoryBytes: enough);
        using var careful = new PackingTrainer(little, new PackedOptions { FirstSteps = 8, MaxSteps = 8 }, TimeProvider.System);
        var outcomes = await Task.WhenAll(jobs.Select(job => Start(() => careful.Train([job], new Recorder(), CancellationToken.None)[0])));
        Assert.All(outcomes, o => Assert.NotNull(o.Network));
        Assert.Throws<DeviceMemoryException>(() => careful.Train([Jobs.Ring(5, width: 700, layers: 8)], new Recorder(), CancellationToken.None));
    }

    /// <summary>Another shape may have taken what was missing, and given it back when it found too little itself: no shape is at work then.</summary>
    [Fact]
    public void Train_WhenMemoryWasShortForAMoment_TriesAgainBeforeItGivesUp()
    {
        int calls = 0;
        _backend.BeforeAllocate = () =>
        {
            if (++calls == 4)
                throw new DeviceMemoryException("for a moment");
        };
        Assert.NotNull(_trainer.Train([Jobs.Ring(2)], new Recorder(), CancellationToken.None)[0].Network);
        Assert.True(calls > 4);
        _backend.BeforeAllocate = () => throw new DeviceMemoryException("for good");
        Assert.Throws<DeviceMemoryException>(() => _trainer.Train([Jobs.Ring(2, width: 20)], new Recorder(), CancellationToken.None));
    }

    /// <summary>A shape that has nothing to do any more gives its memory back on its own thread: the device must not be gone by then.</summary>
    [Fact]
    public async Task Dispose_WhileAShapeIsGivingItsMemoryBack_WaitsForIt()
    {
        using var giving = new ManualResetEventSlim();
        using var may = new ManualResetEventSlim();
        int calls = 0;
        var backend = new HostBackend();
        var trainer = new PackingTrainer(backend, new PackedOptions(), TimeProvider.System);
        trainer.Train([Jobs.Ring(2, width: 4, batch: 2, layers: 1)], new Recorder(), CancellationToken.None);
        backend.BeforeFree = () =>
        {
            if (Interlocked.Increment(ref calls) > 1)
                return;
            giving.Set();
            may.Wait();
        };
        await Task.Run(giving.Wait, TestContext.Current.CancellationToken);
        var disposing = Task.Run(trainer.Dispose, TestContext.Current.CancellationToken);
        bool early = await Task.WhenAny(disposing, Task.Delay(200, TestContext.Current.CancellationToken)) == disposing;
        may.Set();
        await disposing;
        Assert.False(early, "the device was closed while memory was still being given back");
        Assert.Equal(0, backend.Allocated);
    }

    /// <summary>Wherever memory runs out, at the first block or at the last: a job is trained as ever, or said to be too large.</summary>
    [Fact]
    public async Task Train_WithAnyMemory_TrainsOrSaysThatItIsTooLittle()
    {
        TrainingJob[] jobs = [.. Enumerable.Range(0, 4).Select(i => Jobs.Ring(4, width: i % 2 == 0 ? 4 : 20, seed: (ulong)i, batch: 2, layers: 1))];
        var expected = jobs.Select(job => _trainer.Train([job], new Recorder(), CancellationToken.None)[0].Require().Weights).ToArray();
        long most;
        using (var plenty = new HostBackend())
        using (var trainer = new PackingTrainer(plenty, new PackedOptions(), TimeProvider.System))
        {
            await Task.WhenAll(jobs.Select(job => Start(() => trainer.Train([job], new Recorder(), CancellationToken.None)[0])));
            most = plenty.Peak;
        }

        int trained = 0, refused = 0;
        for (long memory = 0; memory <= most; memory += most / 60)
        {
            using var backend = new HostBackend(memoryBytes: memory);
            using var trainer = new PackingTrainer(backend, new PackedOptions { FirstSteps = 2, MaxSteps = 2 }, TimeProvider.System);
            var calls = jobs.Select(job => Start(() => trainer.Train([job], new Recorder(), CancellationToken.None)[0])).ToArray();
            for (int i = 0; i < calls.Length; i++)
            {
                try
                {
                    Assert.Equal(expected[i], (await calls[i]).Require().Weights);
                    trained++;
                }
                catch (DeviceMemoryException)
                {
                    refused++;
                }
            }
        }

        Assert.True(trained > 0 && refused > 0, $"{trained} trained, {refused} refused");
    }

    [Fact]
    public void Problem_OfADeviceThatIsSound_IsNullAndOfOneThatIsNotSaysWhat()
    {
        Assert.Null(DeviceCheck.Problem(_trainer, _trainer, CancellationToken.None));
        Assert.Contains("has loss", DeviceCheck.Problem(new Wrong(_trainer), null, CancellationToken.None), StringComparison.Ordinal);
        foreach (string what in (string[])["gives", "log-density", "distances"])
            Assert.Contains(what, DeviceCheck.Problem(_trainer, new WrongEvaluator(_trainer, what), CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public void Capacity_WithLessMemory_IsLess()
    {
        var shape = Jobs.Ring(1).Mlp;
        using var half = new HostBackend(memoryBytes: 50_000_000);
        using var trainer = new PackingTrainer(half, new PackedOptions(), TimeProvider.System);
        Assert.InRange(trainer.Capacity(shape, points: 20_000, steps: 8000), 20, 100);
        Assert.Equal(new PackedOptions().MaxTrials, _trainer.Capacity(shape, 20_000, 8000));
    }

    private Task<TrainingOutcome> OnItsThread(TrainingJob job, ITrainingObserver observer, CancellationToken cancellation) =>
        Start(() => _trainer.Train([job], observer, cancellation)[0]);

    private static Task<TrainingOutcome> Start(Func<TrainingOutcome> train) =>
        Task.Factory.StartNew(train, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Thrower : ITrainingObserver
    {
        public void OnLoss(int job, LossPoint point) => throw new InvalidOperationException("from the observer");
    }

    /// <summary>A trainer whose losses are off by a percent.</summary>
    private sealed class Wrong(ITrainer inner) : ITrainer
    {
        public IReadOnlyList<TrainingOutcome> Train(IReadOnlyList<TrainingJob> jobs, ITrainingObserver observer, CancellationToken cancellation) =>
            [.. inner.Train(jobs, observer, cancellation)
                .Select(o => o with { Network = o.Network! with { Losses = [.. o.Network.Losses.Select(l => l with { Loss = 1.01 * l.Loss })] } })];
    }

    /// <summary>One of whose answers is off by a percent.</summary>
    private sealed class WrongEvaluator(PackingTrainer inner, string what) : IDeviceEvaluator
    {
        public IDeviceDenoiser CreateDenoiser(TrainedNetwork network) =>
            inner.CreateDenoiser(what == "gives" ? network with { SigmaData = 1.01 * network.SigmaData, Parametrisation = Parametrisation.X0 } : network);

        public IDeviceDensity? CreateDensity(IDensity density) =>
            inner.CreateDensity(what == "log-density" ? GaussianMixture.Isotropic([1, 2], [0, 0, 1, -1], [0.5, 1.01]) : density);

        public double? DistanceSum(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int dimensions) =>
            (what == "distances" ? 1.01 : 1) * inner.DistanceSum(a, b, dimensions);
    }
}

using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Shells;
using Sweep.Silo;

namespace Sweep.Tests.Simulation;

/// <summary>A silo: the real lease loop over the real coordinator, and the grains that are placed on it.</summary>
internal sealed class SimSilo : IDisposable
{
    public const string StoreKey = "store";

    private readonly CancellationTokenSource _drain = new();
    private readonly ReportGroups _reports = new(ConfigureAwaitOptions.ContinueOnCapturedContext);
    private readonly CoordinatorOptions _limits;
    private readonly SimSweeps _sweeps;
    private readonly SimStore _store;
    private readonly SiloWorker _worker;
    private readonly OrleansCoordinator _coordinator;
    private readonly Action<SimSilo, Exception?> _ended;
    private readonly Func<int> _listeners;

    /// <param name="ended">Told how its loop ended.</param>
    public SimSilo(string name, int slots, SimWorld world, Action<SimSilo, Exception?> ended)
    {
        (Name, _limits, _ended, _listeners) = (name, world.Limits, ended, world.Number);
        Process = world.NewProcess(name);
        _store = new SimStore(world.Database, Process, world.Faults, world.Random);
        world.Database.Add(_store);
        _sweeps = new SimSweeps(_store, world.Limits);
        Grains = SimGrains.Of(this, world.Network);
        _coordinator = new OrleansCoordinator(() => Grains, StoreKey, _sweeps, Process.Time);
        SimTrials trials = new(this, world);
        _worker = new SiloWorker(
            _coordinator,
            trials,
            new SiloOptions
            {
                Id = name, Slots = slots, ArtifactsDirectory = world.Database.ArtifactsFolder, PollEvery = world.Limits.LeaseDuration / 3,
                HeartbeatEvery = world.Limits.LeaseDuration / 3, About = new SiloFacts("simulated", slots, Abilities.None),
            },
            trials,
            Process.Time)
        {
            Slots = trials,
        };
    }

    public string Name { get; }

    public SimProcess Process { get; }

    public IGrainFactory Grains { get; }

    public void Start() => Process.Do(WorkAsync);

    public void Drain() => Process.Do(_drain.Cancel);

    public void Dispose() => _drain.Dispose();

    public SweepShell Sweep(string sweepId) => new(sweepId, _store, _limits, Name, id => Grains.GetGrain<ISweepGrain>(GrainKeys.Sweep(StoreKey, id)), _ => { },
        Process.Time);

    public NewsShell News()
    {
        NewsShell news = new(
            _store, () => Grains.GetGrain<IDispatchGrain>(StoreKey).CatchUpAsync(),
            id => _ = Grains.GetGrain<ISweepGrain>(GrainKeys.Sweep(StoreKey, id)).ChangedAsync(), new Guid(_listeners(), 0, 0, new byte[8]), Process.Time);
        news.Start();
        return news;
    }

    public DispatchShell Dispatch() => new(_store, _limits, id => Grains.GetGrain<ISweepGrain>(GrainKeys.Sweep(StoreKey, id)), Process.Time);

    public TrialShell Trial(string of)
    {
        (string sweepId, string trialId) = GrainKeys.Split(of);
        string key = GrainKeys.Sweep(StoreKey, sweepId);
        return new TrialShell(sweepId, trialId, _sweeps, Grains.GetGrain<ISweepGrain>(key), key, _reports, Process.Time);
    }

    private async Task WorkAsync()
    {
        Exception? failure = null;
        try
        {
            _coordinator.Follow();
            await _worker.RunAsync(_drain.Token);
        }
        catch (Exception e)
        {
            failure = e;
        }

        _ended(this, failure);
    }
}

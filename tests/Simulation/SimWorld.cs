using Sweep.Grains.Coordination;

namespace Sweep.Tests.Simulation;

/// <summary>What a simulation consists of, made from its seed.</summary>
internal sealed class SimWorld : IDisposable
{
    private readonly Dictionary<string, Fate> _inborn = new(StringComparer.Ordinal);
    private readonly List<SimSilo> _everySilo = [];
    private int _numbers;
    private int _silos;

    public SimWorld(ulong seed, SimTrace trace)
    {
        Random = new SimRandom(seed);
        Faults = new SimFaults(Random);
        Scheduler = new SimScheduler(Random, trace) { Slowness = Random.Next(2) == 0 ? 0 : 0.02 * Random.Unit() };
        Limits = new CoordinatorOptions
        {
            OutOfMemoryAttempts = 4, LostAttempts = 6, SuspectAfterLosses = Random.Next(1, 4), QuarantineAfterTrials = Random.Next(2, 6),
            RetryElsewhereFor = Random.Span(0, 120), UnwrittenFor = Random.Next(2) == 0 ? TimeSpan.Zero : Random.Span(0.05, 2),
        };
        Network = new SimNetwork(Scheduler, Faults, Random);
        Database = new SimDatabase(NewProcess("store"), new SimHistory(Limits, Violate));
        Leases = new SimLeases(Violate);
        MaxTrialSteps = Random.Next(1, 12);
        SiloCount = Random.Next(1, 5);
        for (int i = Random.Next(1, 4); i > 0; i--)
            Sweeps.Add(SimSweep.Of(Random, i));
        foreach (SimSweep sweep in Sweeps)
        {
            foreach (string id in sweep.Last.Trials.Select(t => t.Trial.Id).Where(_ => Random.Next(12) == 0))
                _inborn[id] = Random.Next(3) == 0 ? Fate.Kills : Fate.MustFail;
        }
    }

    public SimRandom Random { get; }

    public SimFaults Faults { get; }

    public SimScheduler Scheduler { get; }

    public CoordinatorOptions Limits { get; }

    public SimLeases Leases { get; }

    public SimNetwork Network { get; }

    public SimDatabase Database { get; }

    public int MaxTrialSteps { get; }

    /// <summary>How many silos there are at a time.</summary>
    public int SiloCount { get; }

    public List<SimSweep> Sweeps { get; } = [];

    /// <summary>The silos whose processes live.</summary>
    public List<SimSilo> Silos { get; } = [];

    /// <summary>The first thing that must not be.</summary>
    public string? Violation { get; private set; }

    /// <summary>Another each time.</summary>
    public int Number() => ++_numbers;

    public SimProcess NewProcess(string name)
    {
        SimProcess process = new(Scheduler, name, Number);
        if (Faults.ClockJump > 0)
            process.Skew = Random.Span(-20, 20);
        return process;
    }

    public void Violate(string what) => Violation ??= $"at {Scheduler.Now.TotalSeconds:0.000} s: {what}";

    /// <summary>Whether a trial ends so wherever it is tried.</summary>
    public bool IsInborn(string trialId) => _inborn.ContainsKey(trialId);

    public Fate FateOf(string trialId) => _inborn.TryGetValue(trialId, out Fate inborn) ? inborn
        : Faults.Strikes(Faults.TrialFails) ? (Random.Next(3) == 0 ? Fate.Breaks : Fate.Fails)
        : Faults.Strikes(Faults.TrialDevours) ? Fate.Devours
        : Faults.Strikes(Faults.TrialHangs) ? (Random.Next(2) == 0 ? Fate.Hangs : Fate.Stalls)
        : Faults.Strikes(Faults.TrialKills) ? Fate.Kills
        : Faults.Strikes(Faults.TrialLies) ? Fate.Lies
        : Fate.Completes;

    /// <summary>The store was put back, so it may lack what was committed.</summary>
    public bool MayHaveGone => Database.Restored > 0;

    public void StartSilo()
    {
        SimSilo silo = new($"s{++_silos}", Random.Next(1, 4), this, Ended);
        Silos.Add(silo);
        _everySilo.Add(silo);
        Network.Join(silo);
        silo.Process.Say("starts");
        silo.Start();
    }

    /// <summary>Its process ends at once; the membership finds out later, and somebody starts another.</summary>
    public void Kill(SimSilo silo, string why)
    {
        if (!silo.Process.IsAlive)
            return;
        silo.Process.Say($"dies: {why}");
        silo.Process.Kill();
        Gone(silo, Random.Span(1, 15));
    }

    public void Dispose()
    {
        Database.Dispose();
        _everySilo.ForEach(s => s.Dispose());
    }

    /// <summary>The loop has ended by itself: its silo leaves the cluster in good order.</summary>
    private void Ended(SimSilo silo, Exception? failure)
    {
        if (failure is not null)
            Violate($"silo {silo.Name} ended with {failure}");
        silo.Process.Say("leaves");
        Network.Leave(silo);
        silo.Process.Kill();
        Gone(silo, TimeSpan.Zero);
    }

    private void Gone(SimSilo silo, TimeSpan noticed)
    {
        Silos.Remove(silo);
        SimProcess watch = Keeper;
        watch.After(noticed, () => Network.Declare(silo));
        watch.After(Random.Span(1, 20), () =>
        {
            if (Silos.Count < SiloCount)
                StartSilo();
        });
    }

    /// <summary>Who sees to it that silos run.</summary>
    public SimProcess Keeper { get => field ??= NewProcess("keeper"); }
}

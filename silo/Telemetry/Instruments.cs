using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Sweep.Grains.Coordination;

namespace Sweep.Silo.Telemetry;

/// <summary>
/// Everything a silo measures, and where its spans come from: a meter and an activity source, both called <see cref="Name"/>. Names, units and attributes
/// follow OpenTelemetry's semantic conventions. Attributes have few values (an outcome, a phase, an operation): never a trial's id or a sweep's, which are on
/// spans. Recording costs next to nothing while nobody listens. Thread-safe.
/// </summary>
public sealed class Instruments : IDisposable
{
    public const string Name = "Sweep";

    /// <summary>From a fraction of a second (a reference denoiser) to an hour and more.</summary>
    private static readonly double[] TrialSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200];

    private static readonly double[] PhaseSeconds = [0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800, 3600];

    /// <summary>The boundaries that semantic conventions advise for <c>db.client.operation.duration</c>.</summary>
    private static readonly double[] OperationSeconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

    private static readonly double[] WaitSeconds = [0.01, 0.1, 1, 5, 10, 30, 60, 300, 1800, 3600];

    private static readonly double[] Losses = [1e-3, 3e-3, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1, 3, 10, 100];

    public Instruments()
        : this(Name)
    {
    }

    /// <summary>Under another name, which nothing listens to: what exporting costs is measured against these.</summary>
    public Instruments(string name)
    {
        Meter = new Meter(name);
        Source = new ActivitySource(name);
        TrialsCompleted = Meter.CreateCounter<long>("sweep.trials.completed", "{trial}", "Trials whose result was committed.");
        AttemptsEnded = Meter.CreateCounter<long>("sweep.attempts.ended", "{attempt}", "Attempts that ended, by outcome.");
        TrialDuration = Histogram("sweep.trial.duration", "s", "Attempts from lease to commit, by outcome.", TrialSeconds);
        PhaseDuration = Histogram("sweep.phase.duration", "s", "Phases of attempts.", PhaseSeconds);
        TrainSteps = Meter.CreateCounter<long>("sweep.train.steps", "{step}", "Training steps done.");
        TrainLoss = Histogram("sweep.train.loss", null, "Training loss, mean over a window of steps (about 200 windows a run).", Losses);
        LeaseWait = Histogram("sweep.lease.wait", "s", "From asking for work with a free slot until there was some.", WaitSeconds);
        LeasesExpired = Meter.CreateCounter<long>("sweep.leases.expired", "{lease}", "Leases that this silo lost while it ran the trial.");
        StoreDuration = Histogram("sweep.store.operation.duration", "s", "Calls of the store, by operation and error.", OperationSeconds);
        PreprocessingCacheHits = Meter.CreateCounter<long>("sweep.preprocessing.cache.hits", "{hit}", "Attempts whose fitted preprocessing was there already.");
        TrainingCacheHits = Meter.CreateCounter<long>("sweep.training.cache.hits", "{hit}", "Attempts that share the network another attempt trained.");
        DiagnosticsCacheHits = Meter.CreateCounter<long>("sweep.diagnostics.cache.hits", "{hit}", "Attempts that share diagnostics of the model with another.");
        ClusterRejoins = Meter.CreateCounter<long>("sweep.cluster.rejoins", "{rejoin}", "Times that the cluster declared this silo dead and it joined again.");
    }

    /// <summary>When leases that somebody traces were asked for and given.</summary>
    internal ConditionalWeakTable<Lease, LeaseCall> LeaseCalls { get; } = [];

    public Meter Meter { get; }

    public ActivitySource Source { get; }

    public Counter<long> TrialsCompleted { get; }

    /// <summary>By <c>sweep.attempt.outcome</c>.</summary>
    public Counter<long> AttemptsEnded { get; }

    /// <summary>By <c>sweep.attempt.outcome</c>.</summary>
    public Histogram<double> TrialDuration { get; }

    /// <summary>By <c>sweep.phase</c>.</summary>
    public Histogram<double> PhaseDuration { get; }

    public Counter<long> TrainSteps { get; }

    public Histogram<double> TrainLoss { get; }

    public Histogram<double> LeaseWait { get; }

    public Counter<long> LeasesExpired { get; }

    /// <summary>By <c>sweep.store.operation</c>, and <c>error.type</c> where it failed.</summary>
    public Histogram<double> StoreDuration { get; }

    public Counter<long> PreprocessingCacheHits { get; }

    public Counter<long> TrainingCacheHits { get; }

    public Counter<long> DiagnosticsCacheHits { get; }

    public Counter<long> ClusterRejoins { get; }

    /// <summary>From now on the cluster's size is measured.</summary>
    /// <param name="silos">Living members as this silo knows them, itself among them; 0 while it is none.</param>
    public void ObserveCluster(Func<int> silos) =>
        Meter.CreateObservableGauge("sweep.cluster.silos", silos, "{silo}", "Living silos of the cluster, as this one knows them.");

    public void Dispose()
    {
        Meter.Dispose();
        Source.Dispose();
    }

    private Histogram<double> Histogram(string name, string? unit, string description, double[] boundaries) =>
        Meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}

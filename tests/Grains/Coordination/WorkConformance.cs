using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>What IWorkSource promises to a worker, whatever way its calls take.</summary>
public abstract partial class WorkConformance : IAsyncLifetime
{
    private protected static readonly TimeSpan Past = TimeSpan.FromSeconds(31);
    private protected static readonly CancellationToken None = CancellationToken.None;

    private protected readonly SweepSpec _sweep = Samples.Sweep("ring");

    private protected TestStore Store { get; private set; } = null!;

    private protected ICoordinator Coordinator { get; private set; } = null!;

    private protected ISweepReader Reader => (ISweepReader)Coordinator;

    private protected abstract TestStore NewStore();

    /// <summary>Sequences that the model-based test plays; fewer where a store is slow.</summary>
    private protected virtual int ModelRuns => 20;

    public ValueTask InitializeAsync()
    {
        Store = NewStore();
        Coordinator = Store.Connect();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Task<SubmitAnswer> Submit(int count) => Coordinator.SubmitAsync(_sweep, Samples.Trials(count), None);

    private protected async Task<Lease[]> LeaseMany(int most, string silo = "a") => [.. await Coordinator.LeaseAsync(new LeaseRequest(silo, most), None)];

    private protected async Task<Lease> LeaseOne(string silo = "a") => Assert.Single(await LeaseMany(1, silo));

    private protected Task<ReportAnswer> Complete(Lease lease) => Coordinator.CompleteAsync(lease, Samples.Result(), None);

    private protected Task<ReportAnswer> Fail(Lease lease, AttemptOutcome cause = AttemptOutcome.Failed) =>
        Coordinator.FailAsync(lease, new AttemptFailure(cause, "loss is NaN at step 12"), None);

    private protected async Task<HeartbeatAnswer> Beat(Lease lease, string silo = "a") => Assert.Single(
        await Coordinator.HeartbeatAsync(silo, [new LeaseProgress(lease.SweepId, lease.Trial.Id, lease.FencingToken, "train", 0.5, 0.25)], None));

    private protected async Task<SweepSummary> Summary() => (await Reader.FindAsync(_sweep.Id, None))!;

    private protected async Task<TrialDetail> Detail(int number) => (await Reader.TrialAsync(_sweep.Id, Samples.Trial(number).Id, None))!;

    private protected async Task AssertCounts(int queued = 0, int running = 0, int completed = 0, int failed = 0, int cancelled = 0)
    {
        SweepSummary summary = await Summary();
        Assert.Equal(
            (queued, running, completed, failed, cancelled),
            (summary.Queued, summary.Running, summary.Completed, summary.Failed, summary.Cancelled));
    }
}

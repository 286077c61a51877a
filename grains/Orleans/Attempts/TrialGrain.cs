using System.Runtime.CompilerServices;
using Orleans.Placement;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Attempts;

/// <summary>
/// See <see cref="ITrialGrain"/>. Placed where it is first called from, which is the silo that has the lease. One report at a time; progress and questions
/// pass it while it waits for the commit.
/// </summary>
[PreferLocalPlacement]
public sealed class TrialGrain(StoreHub hub, TimeProvider time) : Grain, ITrialGrain
{
    private static readonly TimeSpan LookedAtFor = TimeSpan.FromSeconds(2);

    private readonly TrialLife _life = new();
    private SqlSweeps _store = null!;
    private string _sweepId = "";
    private string _trialId = "";
    private ISweepGrain _sweep = null!;
    private TaskCompletionSource _changed = New();
    private long _lastReport;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // A query, or a stream that has ended, leaves no activation behind: the next holder of the lease should have the grain on its own silo.
        this.RegisterGrainTimer(LeaveAsync, new GrainTimerCreationOptions { DueTime = LookedAtFor, Period = Timeout.InfiniteTimeSpan });
        (string storeKey, string of) = GrainKeys.Split(this.GetPrimaryKeyString());
        (_sweepId, _trialId) = GrainKeys.Split(of);
        _store = hub.Coordinator(storeKey);
        _sweep = GrainFactory.GetGrain<ISweepGrain>(GrainKeys.Sweep(storeKey, _sweepId));
        return Task.CompletedTask;
    }

    public Task BeginAsync(WireAttempt attempt)
    {
        if (_life.Begin(attempt))
            Heard();
        return Task.CompletedTask;
    }

    public Task<WireSeen> ProgressAsync(WireLive live)
    {
        if (_life.Update(live))
            Heard();
        return Task.FromResult(_life.Known);
    }

    public async IAsyncEnumerable<WireNews> FollowAsync(WireSeen seen, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if (!IsLive)
        {
            // Of another silo's attempt nothing comes by here.
            await ReadAsync();
            yield return _life.Since(seen) with { IsLast = true };
            yield break;
        }

        WireNews? before = null;
        while (true)
        {
            Task changed = _changed.Task;
            WireNews news = _life.Since(seen);
            if (before is null || news.IsLast || news.Curves.Steps.Length > 0 || news.Curves.Scores.Length > 0
                || (news.Attempt, news.Phase, news.Fraction) != (before.Attempt, before.Phase, before.Fraction))
            {
                yield return before = news;
                seen = news.ToSeen();
            }

            if (news.IsLast)
                yield break;
            await changed.WaitAsync(cancellationToken);
        }
    }

    public async Task<int> ReportAsync(WireReport report)
    {
        // The store is the last judge, so nothing is answered from memory: a database that crashed may have given the same token again.
        int answer = await _sweep.ReportAsync(report);
        _life.Reported(report, (ReportAnswer)answer);
        Changed();

        // What is left is in the store. A question that comes later finds it there.
        DeactivateOnIdle();
        return answer;
    }

    public async Task<WireReported> CompleteAsync(WireReport report, WireLeaseRequest next)
    {
        WireReported reported = await hub.Reports.CallAsync(_sweep.GetPrimaryKeyString(), report, next, _sweep.ReportAndTakeAsync);
        _life.Reported(report, (ReportAnswer)reported.Answers[0]);
        Changed();
        DeactivateOnIdle();
        return reported;
    }

    public async Task<WireTrial> StateAsync()
    {
        if (!IsLive || !_life.KnowsPast)
            await ReadAsync();
        return _life.Show();
    }

    /// <summary>Whether reports of the running attempt arrive.</summary>
    private bool IsLive => _life.State == TrialStatus.Running && time.GetElapsedTime(_lastReport) < _store.Options.LeaseDuration;

    private Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (!IsLive)
            DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private void Heard()
    {
        _lastReport = time.GetTimestamp();
        Changed();
    }

    /// <summary>Those who follow look again.</summary>
    private void Changed()
    {
        TaskCompletionSource before = _changed;
        _changed = New();
        before.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ReadAsync()
    {
        try
        {
            TrialDetail trial = await _store.TrialAsync(_sweepId, _trialId, CancellationToken.None)
                ?? throw new EngineException(EngineFault.Argument, $"no such trial: {_trialId}; allowed: the id of a trial of sweep {_sweepId}");
            _life.Read(trial.Summary.State, [.. trial.Attempts.OrderBy(a => a.Attempt).Select(WireAttempt.Of)]);
            if (trial.Summary is { State: TrialStatus.Running, Phase: { } phase })
            {
                _life.Update(new WireLive
                {
                    FencingToken = trial.Summary.Attempts, Silo = trial.Summary.Silo ?? "", Phase = phase, Fraction = trial.Summary.Fraction ?? 0,
                    Answer = (int)HeartbeatAnswer.Renewed,
                });
            }
        }
        catch (Exception e) when (e is ArgumentException or StoreException)
        {
            throw EngineException.Of(e);
        }
    }
}

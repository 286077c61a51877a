using System.Runtime.CompilerServices;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Shells;

/// <summary>
/// What a trial's grain does: keeps what is live of the attempt, and passes its report on. Not thread-safe: whoever hosts it runs it one piece at a time, its
/// continuations too.
/// </summary>
/// <param name="store">For reading alone.</param>
/// <param name="sweep">The trial's.</param>
/// <param name="sweepKey">What that is called among all sweeps of this process's stores.</param>
/// <param name="reports">Where the trials of this process put their results together.</param>
internal sealed class TrialShell(
    string sweepId, string trialId, SqlSweeps store, ISweepGrain sweep, string sweepKey, ReportGroups reports, TimeProvider time)
{
    private readonly TrialLife _life = new();
    private TaskCompletionSource _changed = New();
    private long _lastReport;

    public void Begin(WireAttempt attempt)
    {
        if (_life.Begin(attempt))
            Heard();
    }

    public WireSeen Progress(WireLive live)
    {
        if (_life.Update(live))
            Heard();
        return _life.Known;
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

    /// <summary>Passes it on. What is left is then in the store, where a question that comes later finds it: the shell isn't needed any more.</summary>
    public async Task<int> ReportAsync(WireReport report)
    {
        // The store is the last judge, so nothing is answered from memory: a database that crashed may have given the same token again.
        int answer = await sweep.ReportAsync(report);
        _life.Reported(report, (ReportAnswer)answer);
        Changed();
        return answer;
    }

    /// <inheritdoc cref="ReportAsync"/>
    public async Task<WireReported> CompleteAsync(WireReport report, WireLeaseRequest next)
    {
        WireReported reported = await reports.CallAsync(sweepKey, report, next, sweep.ReportAndTakeAsync);
        _life.Reported(report, (ReportAnswer)reported.Answers[0]);
        Changed();
        return reported;
    }

    public async Task<WireTrial> StateAsync()
    {
        if (!IsLive || !_life.KnowsPast)
            await ReadAsync();
        return _life.Show();
    }

    /// <summary>Whether reports of the running attempt arrive.</summary>
    public bool IsLive => _life.State == TrialStatus.Running && time.GetElapsedTime(_lastReport) < store.Options.LeaseDuration;

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
            TrialDetail trial = await store.TrialAsync(sweepId, trialId, CancellationToken.None)
                ?? throw new EngineException(EngineFault.Argument, $"no such trial: {trialId}; allowed: the id of a trial of sweep {sweepId}");
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

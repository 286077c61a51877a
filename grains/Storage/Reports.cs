using Sweep.Grains.Coordination;
using Sweep.Grains.Trials;


namespace Sweep.Grains.Storage;

/// <summary>Takes the outcomes of attempts that did not complete.</summary>
internal static class Reports
{
    public static async Task<ReportAnswer> FailAsync(SqlWork work, Lease lease, AttemptFailure failure, CoordinatorOptions options)
    {
        AttemptOutcome cause = failure.Cause;
        TrialRow? row = await TrialRows.FindAsync(work, lease.SweepId, lease.Trial.Id);
        if (row is null || !row.ToState().IsHeld(lease.Holder, lease.FencingToken))
            return await AnswerAgainAsync(work, row, lease, cause);

        long silo = row.Silo!.Value;
        bool charge = cause == AttemptOutcome.Failed && !await Quarantine.IsQuarantinedAsync(work, silo);
        string message = failure.Message.Replace('\0', '\uFFFD'); // which PostgreSQL's text cannot hold
        AttemptEnd end = row.ToState().Fail(cause, message, charge, work.Now, options, failure.MustRepeat);
        TrialRows.End(work, row, end);
        if (cause == AttemptOutcome.Failed)
            work.Later("UPDATE silos SET failed = failed + 1 WHERE silo = @silo", new { silo });
        if (end.Charged)
            await Quarantine.FailedAsync(work, silo, row.Trial, row.Attempts, options);
        return ReportAnswer.Accepted;
    }

    public static async Task<ReportAnswer> ReleaseAsync(SqlWork work, Lease lease, AttemptOutcome cause)
    {
        TrialRow? row = await TrialRows.FindAsync(work, lease.SweepId, lease.Trial.Id);
        if (row is null || !row.ToState().IsHeld(lease.Holder, lease.FencingToken))
            return await AnswerAgainAsync(work, row, lease, cause);

        TrialRows.End(work, row, row.ToState().Release(cause, work.Now));
        return ReportAnswer.Accepted;
    }

    /// <summary>Refuses a report that a transaction would not take: nothing is begun.</summary>
    /// <exception cref="ArgumentException">See <see cref="IWorkSource.FailAsync"/>.</exception>
    public static void Check(AttemptFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        if (failure.Cause is not (AttemptOutcome.Failed or AttemptOutcome.OutOfMemory or AttemptOutcome.Stalled))
            throw new ArgumentException($"cause: {failure.Cause}; allowed: {AttemptOutcome.Failed}, {AttemptOutcome.OutOfMemory}, {AttemptOutcome.Stalled}",
                nameof(failure));
    }

    /// <summary>Refuses a report that a transaction would not take: nothing is begun.</summary>
    /// <exception cref="ArgumentException">See <see cref="IWorkSource.CompleteAsync"/>.</exception>
    public static void Check(TrialResult result)
    {
        foreach ((string name, MetricValue metric) in result.Metrics)
        {
            if (metric.Value is { } value && !double.IsFinite(value))
                throw new ArgumentException($"metric {name}: {value}; allowed: a finite value, or none and a reason");
            if (metric.TruthLevel is { } level && !double.IsFinite(level))
                throw new ArgumentException($"truth level of metric {name}: {level}; allowed: a finite value, or none");
            if (metric.Value is null && metric.Reason is null)
                throw new ArgumentException($"metric {name}: no value and no reason; allowed: either");
        }
    }

    /// <summary>A lease that doesn't stand.</summary>
    public static async Task<ReportAnswer> AgainAsync(SqlWork work, Lease lease, AttemptOutcome cause) =>
        await AnswerAgainAsync(work, await TrialRows.FindAsync(work, lease.SweepId, lease.Trial.Id), lease, cause);

    private static async Task<ReportAnswer> AnswerAgainAsync(SqlWork work, TrialRow? row, Lease lease, AttemptOutcome cause)
    {
        if (row is null)
            return ReportAnswer.Stale;
        int? outcome = await work.FirstOrDefaultAsync<int?>(
            "SELECT outcome FROM attempts WHERE trial = @Trial AND attempt = @FencingToken AND silo = @Holder",
            new { row.Trial, lease.FencingToken, lease.Holder });
        return TrialState.Again((AttemptOutcome?)outcome, cause);
    }
}

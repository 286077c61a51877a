using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans.Wire;

/// <summary>How an attempt ended: its lease, the cause (a number of <see cref="AttemptOutcome"/>), and what it leaves.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.report.1")]
public sealed record WireReport
{
    [Id(0)]
    public required string TrialId { get; init; }

    [Id(1)]
    public required long FencingToken { get; init; }

    [Id(2)]
    public required long Holder { get; init; }

    [Id(3)]
    public required int Outcome { get; init; }

    [Id(4)]
    public string? Message { get; init; }

    /// <summary>Of a completed attempt.</summary>
    [Id(5)]
    public WireResult? Result { get; init; }

    /// <summary>Of a failure: see <see cref="AttemptFailure.MustRepeat"/>.</summary>
    [Id(6)]
    public bool MustRepeat { get; init; }

    public static WireReport Of(Lease lease, AttemptFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Of(lease, failure.Cause, failure.Message) with { MustRepeat = failure.MustRepeat };
    }

    public AttemptFailure ToFailure() => new((AttemptOutcome)Outcome, Message ?? "") { MustRepeat = MustRepeat };

    public static WireReport Of(Lease lease, AttemptOutcome outcome, string? message = null, TrialResult? result = null)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return new WireReport
        {
            TrialId = lease.Trial.Id,
            FencingToken = lease.FencingToken,
            Holder = lease.Holder,
            Outcome = (int)outcome,
            Message = message,
            Result = result is null ? null : WireResult.Of(result),
        };
    }
}

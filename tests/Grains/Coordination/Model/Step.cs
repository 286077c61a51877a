using Sweep.Grains.Coordination;

namespace Sweep.Tests.Grains.Coordination.Model;

/// <summary>One call of a generated sequence. Numbers that pick something are taken modulo what there is to pick from.</summary>
internal abstract record Step
{
    public sealed record Submit(int Sweep) : Step;

    public sealed record Lease(int Silo, int MaxTrials, int? Sweep) : Step;

    /// <param name="Back">Which lease: 0 the latest given.</param>
    public sealed record Heartbeat(int Silo, int Back, int Count) : Step;

    public sealed record Advance(int Seconds) : Step;

    public sealed record Complete(int Back) : Step;

    /// <param name="Count">So many leases, one after the other from <paramref name="Back"/>; some may be one and the same.</param>
    public sealed record CompleteAndLease(int Back, int Count, Lease Next) : Step;

    public sealed record Fail(int Back, AttemptOutcome Cause, bool MustRepeat = false) : Step;

    public sealed record Release(int Back, AttemptOutcome Cause) : Step;

    public sealed record Pause(int Sweep) : Step;

    public sealed record Resume(int Sweep) : Step;

    public sealed record Cancel(int Sweep) : Step;

    public sealed record Retry(int Sweep, int? Trial) : Step;

    public sealed record Discard(int Sweep, int Trial) : Step;

    public sealed record Reclaim(int Silo) : Step;

    public sealed record Unquarantine(int Silo) : Step;
}

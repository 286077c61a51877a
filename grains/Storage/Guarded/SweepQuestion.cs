namespace Sweep.Grains.Storage.Guarded;

/// <summary>What a sweep's grain asks of the store with the beginning of a transaction.</summary>
/// <param name="Sweep">The sweep's number.</param>
/// <param name="Outlook">What it needs to lease by itself; null asks no more than the sweep's terms.</param>
internal sealed record SweepQuestion(long Sweep, OutlookQuestion? Outlook = null);

/// <summary>Asks for an <see cref="Outlook"/>.</summary>
/// <param name="Completed">The trials that complete.</param>
/// <param name="Silos">Their silos.</param>
/// <param name="Asking">The ids of the silos that want more.</param>
/// <param name="Offers">What those can do, taken together.</param>
/// <param name="ExpiryCheck">Looks for the lease that expires first, unless this was done lately: see <see cref="ExpiryCheck"/>.</param>
internal sealed record OutlookQuestion(
    IReadOnlyList<long> Completed, IReadOnlyList<long> Silos, IReadOnlyList<string> Asking, int Offers, ExpiryCheck ExpiryCheck);

/// <summary>The index of leases' ends is full of dead entries: it isn't read when no lease can have ended since it was.</summary>
/// <param name="NoneBefore">No lease ends before that, ms since 1970.</param>
/// <param name="Window">A clock that stands further before it than this was set back, ms.</param>
internal readonly record struct ExpiryCheck(long NoneBefore, long Window)
{
    public bool IsDue(long now) => now >= NoneBefore || now + Window < NoneBefore;
}

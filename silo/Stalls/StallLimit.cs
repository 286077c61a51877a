namespace Sweep.Silo.Stalls;

/// <summary>
/// How long an attempt may stall: so many times what all of it is estimated to take, at the pace of this silo's recent attempts. A busy machine is slow
/// to all of them, so load stalls nobody. Thread-safe.
/// </summary>
/// <param name="atLeast">However short it is estimated to be.</param>
public sealed class StallLimit(TimeSpan atLeast)
{
    private const double Times = 20;

    /// <summary>Floating-point operations per second of a slow core: what is taken for the pace until attempts have ended.</summary>
    private const double SlowPace = 2e8;

    private const int Recent = 8;

    /// <summary>Costs leave out data and fits, which trials share. A file of the largest size that a store takes, and independent components of images, take
    /// about that.</summary>
    private static readonly TimeSpan ReadsWithin = TimeSpan.FromSeconds(15), FitsWithin = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Queue<double> _secondsPerOperation = new();

    /// <summary>An attempt has completed.</summary>
    /// <param name="cost">As estimated, in operations.</param>
    public void Completed(double cost, TimeSpan took)
    {
        if (!(cost > 0))
            return;
        lock (_lock)
        {
            _secondsPerOperation.Enqueue(took.TotalSeconds / cost);
            if (_secondsPerOperation.Count > Recent)
                _secondsPerOperation.Dequeue();
        }
    }

    /// <summary>How long an attempt may stall in a phase.</summary>
    /// <param name="cost">As estimated, in operations; 0 where nothing is known of it.</param>
    /// <param name="phase">As heartbeats name it.</param>
    /// <param name="given">By the spec, for every phase: then nothing is estimated.</param>
    public TimeSpan Of(double cost, string phase, TimeSpan? given = null)
    {
        if (given is { } told)
            return told;
        double pace;
        lock (_lock)
            pace = _secondsPerOperation.Count > 0 ? _secondsPerOperation.Max() : 1 / SlowPace;
        double seconds = Math.Max(0, cost) * pace;
        if (phase == Word(AttemptPhase.Dataset))
            seconds = Math.Max(seconds, ReadsWithin.TotalSeconds);
        if (phase == Word(AttemptPhase.Fit))
            seconds = Math.Max(seconds, FitsWithin.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Clamp(Times * seconds, atLeast.TotalSeconds, Math.Max(atLeast.TotalSeconds, TimeSpan.FromDays(30).TotalSeconds)));
    }

    private static string Word(AttemptPhase phase) => phase.ToString().ToLowerInvariant();
}

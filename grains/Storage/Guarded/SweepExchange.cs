namespace Sweep.Grains.Storage.Guarded;

/// <summary>
/// One transaction of a sweep's grain: it asks, decides in memory, and writes. A store may begin it again, so every step may come more than once.
/// </summary>
internal abstract class SweepExchange<T>
{
    /// <summary>As of <see cref="SqlStore.WriteAsync"/>.</summary>
    public abstract bool Durable { get; }

    /// <summary>What it asks; null asks nothing.</summary>
    public abstract SweepQuestion? Ask();

    /// <summary>Decides. May also ask and write by itself meanwhile, at the cost of further round trips.</summary>
    /// <param name="answers">Null where nothing was asked, or there is no such sweep.</param>
    public abstract Task<GuardedWrites?> DecideAsync(SqlWork work, SweepAnswers? answers);

    /// <summary>Reads what the writes return. Not committed before the exchange has returned.</summary>
    public abstract T Read(GuardedAnswers answers);
}

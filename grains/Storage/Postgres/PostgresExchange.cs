using Npgsql;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>
/// A transaction in two round trips: what is asked goes with its beginning, what is written with its commit. For one that decides in memory in between. Begun
/// again after a collision, so every step may come more than once.
/// </summary>
internal abstract class PostgresExchange<T>
{
    /// <summary>As of <see cref="SqlStore.WriteAsync"/>.</summary>
    public abstract bool Durable { get; }

    /// <summary>Adds what is asked.</summary>
    public abstract void Ask(NpgsqlBatch batch);

    /// <summary>
    /// Reads what was asked, decides, and adds what is written. May also ask and write by itself meanwhile, at the cost of further round trips.
    /// </summary>
    public abstract Task DecideAsync(SqlWork work, NpgsqlDataReader answers, NpgsqlBatch batch);

    /// <summary>Reads what the written statements return; they are committed.</summary>
    public abstract Task<T> ReadAsync(NpgsqlDataReader answers, CancellationToken cancellationToken);

    /// <summary>What an error of the server means, if it isn't one of the store's; null if it is.</summary>
    public virtual Exception? Meaning(PostgresException e) => null;
}

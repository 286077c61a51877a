using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Sweeps;
using static Sweep.Grains.Orleans.Ledger.BatchCommands;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>Asks for the <see cref="Outlook"/>, with the beginning of the transaction. Not thread-safe: one grain has it.</summary>
internal sealed class OutlookRows(CoordinatorOptions options)
{
    /// <summary>How long expirations aren't looked for again: the index of them is full of dead entries.</summary>
    private const long CheckedForMilliseconds = 250;

    private const string Sweep =
        $"""
        SELECT EXISTS (SELECT 1 FROM silo_failures f WHERE f.trial = ANY ($2) OR f.silo = ANY ($3)), s.paused,
            EXISTS (SELECT 1 FROM requests r WHERE r.done IS NULL),
            CASE WHEN now_ms() >= $4 OR now_ms() + $5 < $4 THEN (SELECT t.expires FROM trials t WHERE t.state = {Code.Running} ORDER BY t.expires LIMIT 1) END
        FROM sweeps s WHERE s.sweep = $1
        """;

    private const string OtherSweeps =
        $"""
        SELECT s.sweep, (SELECT sum(c.running)::integer FROM sweep_counts c WHERE c.sweep = s.sweep), q.cost FROM sweeps s CROSS JOIN LATERAL (
            SELECT t.cost FROM trials t WHERE t.sweep = s.sweep AND t.state = {Code.Queued} AND (t.needs & $2) = t.needs ORDER BY -t.cost, t.ordinal LIMIT 1) q
        WHERE s.sweep <> $1 AND NOT s.paused
        """;

    private long _noneExpiresBefore;

    /// <summary>Adds the questions.</summary>
    /// <param name="completed">The trials that complete.</param>
    /// <param name="nexts">Who asks for work.</param>
    public void Ask(NpgsqlBatch batch, long sweep, List<SweepTrial> completed, NextOperation[] nexts)
    {
        batch.Add(
            Sweep,
            Value(sweep),
            Each(completed, t => t.Key),
            Each(completed.Select(t => t.State.Silo!.Value).Distinct(), s => s),
            Value(_noneExpiresBefore),
            Value(CheckedForMilliseconds));
        batch.Add(
            "SELECT h.id, h.silo, h.last_seen, h.artifacts, h.devices, h.slots, h.offers FROM silos h WHERE h.id = ANY ($1) AND h.quarantined IS NULL",
            Value(nexts.Select(n => n.Wanted.Silo).Distinct(StringComparer.Ordinal).ToArray()));
        batch.Add(OtherSweeps, Value(sweep), Value(nexts.Aggregate(0, (offers, n) => offers | n.Wanted.Offers)));
    }

    /// <summary>Reads the answers; null if there is no such sweep.</summary>
    public async Task<Outlook?> ReadAsync(NpgsqlDataReader reader, long now, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        bool failures = reader.GetBoolean(0);
        bool paused = reader.GetBoolean(1);
        bool asked = reader.GetBoolean(2);
        bool mayLease = !HasExpired(now, reader.IsDBNull(3) ? null : reader.GetInt64(3)) && !asked;
        await reader.NextResultAsync(cancellationToken);
        Dictionary<string, SiloState> silos = new(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            SiloState silo = new()
            {
                Id = reader.GetString(0), Silo = reader.GetInt64(1), LastSeen = reader.IsDBNull(2) ? null : reader.GetInt64(2),
                Artifacts = reader.IsDBNull(3) ? null : reader.GetString(3), Devices = reader.IsDBNull(4) ? null : reader.GetString(4),
                Slots = reader.IsDBNull(5) ? null : reader.GetInt32(5), Offers = reader.GetInt32(6),
            };
            silos.Add(silo.Id, silo);
        }

        await reader.NextResultAsync(cancellationToken);
        List<SweepTurn> others = [];
        while (await reader.ReadAsync(cancellationToken))
            others.Add(new SweepTurn(reader.GetInt64(0), reader.GetInt32(1), reader.GetDouble(2)));
        return new Outlook(failures, paused, mayLease, silos, others.Count > 0 ? others.Min() : null);
    }

    private bool HasExpired(long now, long? first)
    {
        if (now < _noneExpiresBefore && now + CheckedForMilliseconds >= _noneExpiresBefore)
            return false;

        // A lease that is given from now on stands for longer than that.
        _noneExpiresBefore = Math.Min(first ?? long.MaxValue, now + Math.Min(CheckedForMilliseconds, (long)options.LeaseDuration.TotalMilliseconds));
        return first <= now;
    }
}

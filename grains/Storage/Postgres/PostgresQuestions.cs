using Npgsql;
using Sweep.Grains.Storage.Guarded;
using Sweep.Grains.Sweeps;
using static Sweep.Grains.Storage.Postgres.BatchCommands;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>Asks a <see cref="SweepQuestion"/> in one round trip.</summary>
internal static class PostgresQuestions
{
    private const string Sweep =
        $"""
        SELECT EXISTS (SELECT 1 FROM silo_failures f WHERE f.trial = ANY ($2) OR f.silo = ANY ($3)), s.paused, s.slots, s.priority, s.most_failed, s.look,
            EXISTS (SELECT 1 FROM requests r WHERE r.done IS NULL),
            CASE WHEN now_ms() >= $4 OR now_ms() + $5 < $4 THEN (SELECT t.expires FROM trials t WHERE t.state = {Code.Running} ORDER BY t.expires LIMIT 1) END
        FROM sweeps s WHERE s.sweep = $1
        """;

    private const string OtherSweeps =
        $"""
        SELECT s.sweep, r.running, q.cost, s.priority
        FROM sweeps s CROSS JOIN LATERAL (SELECT sum(c.running)::integer AS running FROM sweep_counts c WHERE c.sweep = s.sweep) r CROSS JOIN LATERAL (
            SELECT t.cost FROM trials t WHERE t.sweep = s.sweep AND t.state = {Code.Queued} AND (t.needs & $2) = t.needs ORDER BY -t.cost, t.ordinal LIMIT 1) q
        WHERE s.sweep <> $1 AND NOT s.paused AND (s.slots IS NULL OR r.running < s.slots)
        """;

    public static void Add(NpgsqlBatch batch, SweepQuestion question)
    {
        if (question.Outlook is not { } outlook)
        {
            batch.Add("SELECT paused, slots, priority, most_failed, look FROM sweeps WHERE sweep = $1", Value(question.Sweep));
            return;
        }

        batch.Add(
            Sweep,
            Value(question.Sweep),
            Each(outlook.Completed, t => t),
            Each(outlook.Silos, s => s),
            Value(outlook.ExpiryCheck.NoneBefore),
            Value(outlook.ExpiryCheck.Window));
        batch.Add(
            "SELECT h.id, h.silo, h.last_seen, h.artifacts, h.devices, h.slots, h.offers FROM silos h WHERE h.id = ANY ($1) AND h.quarantined IS NULL",
            Value(outlook.Asking.ToArray()));
        batch.Add(OtherSweeps, Value(question.Sweep), Value(outlook.Offers));
    }

    /// <summary>Reads the answers; null if there is no such sweep.</summary>
    public static async Task<SweepAnswers?> ReadAsync(NpgsqlDataReader reader, SweepQuestion question, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        if (question.Outlook is null)
            return new SweepAnswers(Terms(reader, 0), null);
        bool failures = reader.GetBoolean(0);
        SweepTerms terms = Terms(reader, 1);
        bool asked = reader.GetBoolean(6);
        long? expiry = reader.IsDBNull(7) ? null : reader.GetInt64(7);
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
            others.Add(new SweepTurn(reader.GetInt64(0), reader.GetInt32(1), reader.GetDouble(2), reader.GetDouble(3)));
        return new SweepAnswers(terms, new Outlook(failures, asked, expiry, silos, others.Count > 0 ? others.Min() : null));
    }

    /// <summary>Of columns from this one on: paused, slots, priority, most_failed, look.</summary>
    private static SweepTerms Terms(NpgsqlDataReader reader, int from) => new(
        reader.GetBoolean(from), reader.IsDBNull(from + 1) ? null : reader.GetInt32(from + 1), reader.GetDouble(from + 2),
        reader.IsDBNull(from + 3) ? null : reader.GetInt32(from + 3), reader.GetInt32(from + 4));
}

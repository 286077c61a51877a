using System.Data.Common;
using Dapper;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Shells;

/// <summary>What the dispatcher reads and writes: silos, and which sweeps have work.</summary>
internal static class DispatchRows
{
    private const string Open =
        $"""
        SELECT s.id FROM sweeps s
        WHERE NOT s.paused AND EXISTS (SELECT 1 FROM trials t WHERE t.sweep = s.sweep AND t.state = {Code.Queued})
        ORDER BY s.sweep
        """;

    private const string Behind =
        $"""
        SELECT s.id FROM (
            SELECT t.sweep FROM trials t WHERE t.state = {Code.Running} AND t.expires <= @Now
            UNION SELECT r.sweep FROM requests r WHERE r.done IS NULL
            UNION SELECT w.sweep FROM sweeps w JOIN sweep_counts c ON c.sweep = w.sweep WHERE w.look > 0 GROUP BY w.sweep, w.look, w.looks
            HAVING SUM(c.queued) + SUM(c.running) = 0 AND (SUM(c.held) > 0 OR w.look = w.looks)) b
        LEFT JOIN sweeps s ON s.sweep = b.sweep
        """;

    private static string Asking(SqlStore store) =>
        $"""
        SELECT h.id AS Id, h.silo AS Silo, h.quarantined AS Quarantined, h.last_seen AS LastSeen, h.artifacts AS Artifacts, h.devices AS Devices,
            h.slots AS Slots,
            h.offers AS Offers,
            EXISTS (SELECT 1 FROM silos o WHERE o.quarantined IS NULL AND o.last_seen > @since AND o.silo <> h.silo) AS HasOthers,
            h.silo IN (SELECT t.silo FROM trials t WHERE t.state = {Code.Running} AND t.losses >= @suspect) AS HoldsSuspect
        FROM silos h WHERE {store.Among("h.id", "@ids")}
        """;

    /// <summary>Which silos have leases in which sweeps.</summary>
    public static Task<List<HeldLease>> HeldAsync(SqlWork work) => work.ListAsync<HeldLease>(
        $"""
        SELECT DISTINCT s.id AS Sweep, h.silo AS Key, h.id AS Silo FROM trials t JOIN sweeps s ON s.sweep = t.sweep JOIN silos h ON h.silo = t.silo
        WHERE t.state = {Code.Running}
        """);

    /// <summary>The sweeps of which an operator asked something that isn't done; null: of none.</summary>
    public static async Task<IReadOnlyList<string?>> AskedAsync(DbConnection connection) => [.. await connection.QueryAsync<string?>(
        "SELECT DISTINCT s.id FROM requests r LEFT JOIN sweeps s ON s.sweep = r.sweep WHERE r.done IS NULL")];

    /// <summary>Registers new silos and notes that all of them were seen.</summary>
    public static async Task<Situation> LookAsync(SqlWork work, WireLeaseRequest[] requests, CoordinatorOptions options)
    {
        // Two lease durations without a sign of life: such a silo is not counted on.
        long since = work.Now - (2 * (long)options.LeaseDuration.TotalMilliseconds);
        string[] ids = [.. requests.Select(r => r.Silo).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        (List<SiloState> known, List<string> open, List<string?> behind) =
            await work.ListAsync<SiloState, string, string?>(
                Asking(work.Store), Open, Behind, new { ids, since, work.Now, suspect = options.SuspectAfterLosses });
        if (known.Count < ids.Length)
        {
            foreach (string id in ids.Except(known.Select(s => s.Id), StringComparer.Ordinal))
                await Silos.RegisterAsync(work, id, since);
            known = await work.ListAsync<SiloState>(Asking(work.Store), new { ids, since, suspect = options.SuspectAfterLosses });
        }

        Dictionary<string, SiloState> silos = known.ToDictionary(s => s.Id, StringComparer.Ordinal);
        foreach (SiloState silo in known.OrderBy(s => s.Silo))
            Silos.Seen(work, silo);
        foreach (WireLeaseRequest request in requests)
            Silos.Says(work, silos[request.Silo], request.ToRequest().About);
        return new Situation(work.Now, silos, open, behind);
    }
}

using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>The silos the store has seen.</summary>
internal static class Silos
{
    /// <summary>A silo seen this recently isn't written again: its slots would wait for one row.</summary>
    private const long FreshMilliseconds = 500;

    /// <summary>The query for a silo's row, with whether another silo that may lease has been seen since <c>@since</c>.</summary>
    public const string Query =
        """
        SELECT h.silo AS Silo, h.quarantined AS Quarantined, h.last_seen AS LastSeen, h.artifacts AS Artifacts,
            h.devices AS Devices, h.slots AS Slots, h.offers AS Offers,
            EXISTS (SELECT 1 FROM silos o WHERE o.quarantined IS NULL AND o.last_seen > @since AND o.silo <> h.silo) AS HasOthers
        FROM silos h WHERE h.id = @id
        """;

    /// <summary>The silo's row, registered if new.</summary>
    public static async Task<SiloRow> FindAsync(SqlWork work, string id, long since) =>
        await work.FirstOrDefaultAsync<SiloRow>(Query, new { id, since }) ?? await RegisterAsync(work, id, since);

    public static async Task<SiloRow> RegisterAsync(SqlWork work, string id, long since)
    {
        await work.ExecuteAsync(
            "INSERT INTO silos (id, first_seen, last_seen) VALUES (@id, @Now, @Now) ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen",
            new { id, work.Now });
        return (await work.FirstOrDefaultAsync<SiloRow>(Query, new { id, since }))!;
    }

    /// <summary>It has just been seen. Waits, when it is executed, for whoever else writes the row.</summary>
    public static void Seen(SqlWork work, SiloRow silo)
    {
        if (silo.LastSeen is null || silo.LastSeen <= work.Now - FreshMilliseconds)
            work.Later("UPDATE silos SET last_seen = @Now WHERE silo = @Silo", new { silo.Silo, work.Now });
    }

    /// <summary>The same where its row wasn't read.</summary>
    public static void Seen(SqlWork work, long silo) => work.Later(
        "UPDATE silos SET last_seen = @Now WHERE silo = @silo AND (last_seen IS NULL OR last_seen <= @stale)",
        new { work.Now, silo, stale = work.Now - FreshMilliseconds });

    /// <summary>Notes what it says of itself, if it says something new.</summary>
    public static void Says(SqlWork work, SiloRow silo, SiloFacts? about)
    {
        if (about is null || silo.IsAsSaid(about))
            return;
        work.Later(
            "UPDATE silos SET artifacts = @Artifacts, devices = @Devices, slots = @Slots, offers = @offers WHERE silo = @Silo",
            new { about.Artifacts, about.Devices, about.Slots, offers = (int)about.Offers, silo.Silo });
    }
}

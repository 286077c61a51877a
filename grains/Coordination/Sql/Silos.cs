namespace Sweep.Grains.Coordination.Sql;

/// <summary>The silos the store has seen.</summary>
internal static class Silos
{
    /// <summary>A silo heard of this recently isn't written again: its slots would wait for one row.</summary>
    private const long FreshMilliseconds = 500;

    /// <summary>The silo's row, registered if new.</summary>
    public static async Task<SiloRow> FindAsync(SqlWork work, string id)
    {
        const string Query = "SELECT silo AS Silo, quarantined AS Quarantined, last_seen AS LastSeen, artifacts AS Artifacts FROM silos WHERE id = @id";
        SiloRow? known = await work.FirstOrDefaultAsync<SiloRow>(Query, new { id });
        if (known is not null)
            return known;
        await work.ExecuteAsync(
            "INSERT INTO silos (id, first_seen, last_seen) VALUES (@id, @Now, @Now) ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen",
            new { id, work.Now });
        return (await work.FirstOrDefaultAsync<SiloRow>(Query, new { id }))!;
    }

    /// <summary>It has just been heard of. Waits for whoever else writes the row: call it when no wait for a trial's row follows.</summary>
    public static async Task SeenAsync(SqlWork work, SiloRow silo)
    {
        if (silo.LastSeen is null || silo.LastSeen <= work.Now - FreshMilliseconds)
            await work.ExecuteAsync("UPDATE silos SET last_seen = @Now WHERE silo = @Silo", new { silo.Silo, work.Now });
    }

    /// <summary>Notes where it keeps artifacts, if it says so.</summary>
    public static async Task KeepsAsync(SqlWork work, SiloRow silo, string? artifacts)
    {
        if (artifacts is not null && artifacts != silo.Artifacts)
            await work.ExecuteAsync("UPDATE silos SET artifacts = @artifacts WHERE silo = @Silo", new { artifacts, silo.Silo });
    }

    /// <summary>Whether a silo other than this one has been heard of since a time and may lease.</summary>
    public static async Task<bool> AnotherSinceAsync(SqlWork work, long silo, long since) => await work.FirstOrDefaultAsync<long?>(
        "SELECT silo FROM silos WHERE quarantined IS NULL AND last_seen > @since AND silo <> @silo LIMIT 1", new { silo, since }) is not null;
}

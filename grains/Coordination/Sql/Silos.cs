namespace Sweep.Grains.Coordination.Sql;

/// <summary>The silos the store has seen.</summary>
internal static class Silos
{
    /// <summary>The silo's row, registered if new; it has just been heard of.</summary>
    public static async Task<SiloRow> SeenAsync(SqlWork work, string id)
    {
        int known = await work.ExecuteAsync("UPDATE silos SET last_seen = @Now WHERE id = @id", new { id, work.Now });
        if (known == 0)
        {
            await work.ExecuteAsync(
                "INSERT INTO silos (id, first_seen, last_seen) VALUES (@id, @Now, @Now) ON CONFLICT (id) DO UPDATE SET last_seen = excluded.last_seen",
                new { id, work.Now });
        }

        return (await work.FirstOrDefaultAsync<SiloRow>("SELECT silo AS Silo, quarantined AS Quarantined FROM silos WHERE id = @id", new { id }))!;
    }

    /// <summary>Whether a silo other than this one has been heard of since a time and may lease.</summary>
    public static async Task<bool> AnotherSinceAsync(SqlWork work, long silo, long since) => await work.FirstOrDefaultAsync<long?>(
        "SELECT silo FROM silos WHERE quarantined IS NULL AND last_seen > @since AND silo <> @silo LIMIT 1", new { silo, since }) is not null;
}

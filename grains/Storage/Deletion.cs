using System.Data.Common;
using Dapper;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>Takes a sweep out of the store. What its silos keep they remove themselves, also those that are away now: the ids of its trials stay.</summary>
internal static class Deletion
{
    /// <summary>Returns how many trials went. Holders of their leases learn that they are lost.</summary>
    /// <param name="request">The request that asks for it, which stays, as do those before it.</param>
    public static async Task<int> DeleteAsync(SqlWork work, long sweep, long request)
    {
        const string Its = "SELECT trial FROM trials WHERE sweep = @sweep";
        int trials = await work.FirstOrDefaultAsync<int>("SELECT COUNT(*) FROM trials WHERE sweep = @sweep", new { sweep });
        await work.ExecuteAsync(
            """
            INSERT INTO deleted_trials (id, deleted)
            SELECT t.id, @Now FROM trials t
            WHERE t.sweep = @sweep
                AND NOT EXISTS (SELECT 1 FROM sweeps s JOIN trials o ON o.sweep = s.sweep AND o.id = t.id WHERE s.sweep <> @sweep)
            ON CONFLICT (id) DO UPDATE SET deleted = excluded.deleted
            """,
            new { work.Now, sweep });
        foreach (string table in work.Store.ResultTables.Append("silo_failures").Append("attempts"))
            await work.ExecuteAsync($"DELETE FROM {table} WHERE trial IN ({Its})", new { sweep });

        // What was asked of it before stays as it is; what was asked since is of nothing any more.
        await work.ExecuteAsync(
            "UPDATE requests SET done = @Now, refused = @why WHERE sweep = @sweep AND done IS NULL AND request <> @request",
                new { work.Now, why = "its sweep was deleted", sweep, request });
        await work.ExecuteAsync("UPDATE requests SET sweep = NULL WHERE sweep = @sweep", new { sweep });
        work.Forget(sweep);
        foreach (string table in new[] { "looks", "trials", "sweep_counts", "sweeps" })
            await work.ExecuteAsync($"DELETE FROM {table} WHERE sweep = @sweep", new { sweep });
        return trials;
    }

    /// <summary>Trials that are there again: nobody is to remove what they leave.</summary>
    public static Task<int> RestoredAsync(SqlWork work, long sweep) =>
        work.ExecuteAsync("DELETE FROM deleted_trials WHERE id IN (SELECT id FROM trials WHERE sweep = @sweep)", new { sweep });

    public static async Task<IReadOnlyList<DeletedTrial>> ListAsync(DbConnection connection, DeletedTrial? after, int most, CancellationToken cancellationToken)
    {
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT deleted AS Deleted, id AS Id FROM deleted_trials
            WHERE deleted > @deleted OR (deleted = @deleted AND id > @id) ORDER BY deleted, id LIMIT @most
            """,
            new { deleted = after?.Deleted ?? long.MinValue, id = after?.Id ?? "", most },
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new DeletedTrial(row.Deleted, row.Id))];
    }

    private sealed class Row
    {
        public long Deleted { get; set; }

        public string Id { get; set; } = "";
    }
}

using Npgsql;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Grains.Orleans.Clustering;

/// <summary>The tables, in a store's schema, in which silos find each other.</summary>
public static class ClusterTables
{
    /// <summary>Orleans' own connections, apart from the store's: one for a moment, every few seconds.</summary>
    public static string ConnectionString(PostgresUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new NpgsqlConnectionStringBuilder(url.Settings.ConnectionString) { ApplicationName = "sweep membership", Pooling = false }.ConnectionString;
    }

    /// <summary>The keys of the store's cluster, the oldest first.</summary>
    /// <exception cref="Coordination.StoreException">The database can't be reached, or this user may not read them.</exception>
    public static async Task<IReadOnlyList<ClusterKey>> KeysAsync(PostgresUrl url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        try
        {
            await using NpgsqlConnection connection = new(ConnectionString(url));
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlCommand read = new("SELECT id, key FROM cluster_key ORDER BY number", connection);
            await using NpgsqlDataReader rows = await read.ExecuteReaderAsync(cancellationToken);
            List<ClusterKey> keys = [];
            while (await rows.ReadAsync(cancellationToken))
                keys.Add(new ClusterKey(rows.GetString(0), rows.GetFieldValue<byte[]>(1)));
            return keys.Count > 0
                ? keys
                : throw new Coordination.StoreException(
                    $"the store has no cluster's key: {url.Shown} (schema {url.Schema}); allowed: one that sweep setup or sweep launch made");
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            throw PostgresErrors.Translate(e, url.Shown);
        }
    }

    /// <summary>The database's clock.</summary>
    /// <exception cref="Coordination.StoreException">The database can't be reached.</exception>
    public static async Task<DateTimeOffset> NowAsync(PostgresUrl url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        try
        {
            await using NpgsqlConnection connection = new(ConnectionString(url));
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlCommand now = new("SELECT clock_timestamp()", connection);
            return new DateTimeOffset((DateTime)(await now.ExecuteScalarAsync(cancellationToken))!);
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            throw PostgresErrors.Translate(e, url.Shown);
        }
    }

    /// <summary>Adds a key, which members accept beside the old one from now on; shown is the old one, as long as it is there.</summary>
    /// <exception cref="Coordination.StoreException">There are two already, or this user may not.</exception>
    public static Task RotateAsync(PostgresUrl url, CancellationToken cancellationToken) => ChangeKeysAsync(
        url, "INSERT INTO cluster_key (id, key) SELECT id, @key FROM cluster_key GROUP BY id HAVING count(*) = 1",
        "two keys are accepted already; allowed: one, drop the old one first with: sweep setup --store URL --drop-old-key", cancellationToken);

    /// <summary>Removes the old key: a process without the new one can't connect any more.</summary>
    /// <exception cref="Coordination.StoreException">There is only one, or this user may not.</exception>
    public static Task DropOldAsync(PostgresUrl url, CancellationToken cancellationToken) => ChangeKeysAsync(
        url, "DELETE FROM cluster_key WHERE number < (SELECT max(number) FROM cluster_key)",
        "there is only one key; allowed: to drop the old one of two, after: sweep setup --store URL --rotate-key", cancellationToken);

    /// <summary>Refuses where silos of another build serve the store: one cluster runs one build.</summary>
    /// <param name="clusterId">The store's.</param>
    /// <param name="build">This process's.</param>
    /// <exception cref="Coordination.StoreException">Both named; or the database can't be reached.</exception>
    public static async Task RequireBuildAsync(PostgresUrl url, string clusterId, string build, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = new(ConnectionString(url));
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlCommand find = new(
                """
                SELECT hostname, address, port, substr(deployment, length(@id) + 2) FROM orleans_members
                WHERE starts_with(deployment, @id || '/') AND deployment <> @id || '/'
                    || @build AND status IN (@joining, @active) AND iamalivetime > now() - interval '1 minute'
                ORDER BY starttime LIMIT 1
                """,
                connection);
            find.Parameters.AddWithValue("id", clusterId);
            find.Parameters.AddWithValue("build", build);
            find.Parameters.AddWithValue("joining", (int)SiloStatus.Joining);
            find.Parameters.AddWithValue("active", (int)SiloStatus.Active);
            await using NpgsqlDataReader rows = await find.ExecuteReaderAsync(cancellationToken);
            if (!await rows.ReadAsync(cancellationToken))
                return;
            throw new Coordination.StoreException(
                $"a silo on {rows.GetString(0)} ({rows.GetString(1)}:{rows.GetInt32(2)}) runs build {rows.GetString(3)}, this is build {build}; "
                + "allowed: one build in a cluster. Stop the others first (one that was killed is forgotten after a minute), or use their build")
            {
                IsLasting = true,
            };
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            throw PostgresErrors.Translate(e, url.Shown);
        }
    }

    /// <summary>What a cluster is called in the membership tables: builds don't mix.</summary>
    public static string Deployment(string clusterId, string build) => $"{clusterId}/{build}";

    /// <summary>How many silos serve clients and have said lately that they live.</summary>
    /// <exception cref="Coordination.StoreException">The database can't be reached.</exception>
    public static async Task<int> ServingAsync(PostgresUrl url, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = new(ConnectionString(url));
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlCommand count = new(
                """
                SELECT count(*)::integer FROM orleans_members
                WHERE starts_with(deployment, (SELECT min(id) FROM cluster_key) || '/') AND status = @active AND proxyport > 0
                    AND iamalivetime > now() - interval '1 minute'
                """,
                connection);
            count.Parameters.AddWithValue("active", (int)SiloStatus.Active);
            return (int)(await count.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            throw PostgresErrors.Translate(e, url.Shown);
        }
    }

    private static async Task ChangeKeysAsync(PostgresUrl url, string sql, string refused, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = new(ConnectionString(url));
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (NpgsqlCommand mine = new("LOCK TABLE cluster_key IN EXCLUSIVE MODE", connection))
                await mine.ExecuteNonQueryAsync(cancellationToken);
            await using (NpgsqlCommand change = new(sql, connection))
            {
                if (sql.Contains("@key", StringComparison.Ordinal))
                    change.Parameters.AddWithValue("key", ClusterKey.Make().Pkcs12);
                if (await change.ExecuteNonQueryAsync(cancellationToken) == 0)
                    throw new Coordination.StoreException(refused) { IsLasting = true };
            }

            await using (NpgsqlCommand tell = new("SELECT pg_notify(@channel, @news)", connection))
            {
                tell.Parameters.AddWithValue("channel", PostgresListener.Channel(url));
                tell.Parameters.AddWithValue("news", ClusterKey.News);
                await tell.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            throw PostgresErrors.Translate(e, url.Shown);
        }
    }
}

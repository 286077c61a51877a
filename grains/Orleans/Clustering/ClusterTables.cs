using Npgsql;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Grains.Orleans.Clustering;

/// <summary>The tables, in a store's schema, in which silos find each other.</summary>
public static class ClusterTables
{
    /// <summary>Orleans' own connections: few, apart from the store's.</summary>
    public static string ConnectionString(PostgresUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return new NpgsqlConnectionStringBuilder(url.Settings.ConnectionString) { ApplicationName = "sweep membership", MaxPoolSize = 2 }.ConnectionString;
    }

    /// <summary>The key of the store's cluster.</summary>
    /// <exception cref="Coordination.StoreException">The database can't be reached, or this user may not read it.</exception>
    public static async Task<ClusterKey> KeyAsync(PostgresUrl url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        try
        {
            await using NpgsqlConnection connection = new(ConnectionString(url));
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlCommand read = new("SELECT id, key FROM cluster_key", connection);
            await using NpgsqlDataReader rows = await read.ExecuteReaderAsync(cancellationToken);
            return await rows.ReadAsync(cancellationToken)
                ? new ClusterKey(rows.GetString(0), rows.GetFieldValue<byte[]>(1))
                : throw new Coordination.StoreException($"the store has no cluster's key: {url.Shown} (schema {url.Schema}); allowed: one that sweep setup or sweep launch made");
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

    /// <summary>How many silos serve clients and have said lately that they live.</summary>
    /// <exception cref="Coordination.StoreException">The database can't be reached.</exception>
    public static async Task<int> ServingAsync(PostgresUrl url, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = new(ConnectionString(url));
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlCommand count = new(
                "SELECT count(*)::integer FROM orleans_members WHERE deployment = (SELECT id FROM cluster_key) AND status = @active AND proxyport > 0 AND iamalivetime > now() - interval '1 minute'",
                connection);
            count.Parameters.AddWithValue("active", (int)SiloStatus.Active);
            return (int)(await count.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            throw PostgresErrors.Translate(e, url.Shown);
        }
    }
}

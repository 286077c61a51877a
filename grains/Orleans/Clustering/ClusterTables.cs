using Npgsql;
using Sweep.Grains.Coordination.Sql.Postgres;

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

    /// <summary>A store's silos are one cluster.</summary>
    public static string ClusterId(PostgresUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return $"sweep {url.Schema}";
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
                "SELECT count(*)::integer FROM orleans_members WHERE deployment = @cluster AND status = @active AND proxyport > 0 AND iamalivetime > now() - interval '1 minute'",
                connection);
            count.Parameters.AddWithValue("cluster", ClusterId(url));
            count.Parameters.AddWithValue("active", (int)SiloStatus.Active);
            return (int)(await count.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            throw PostgresErrors.Translate(e, url.Shown);
        }
    }
}

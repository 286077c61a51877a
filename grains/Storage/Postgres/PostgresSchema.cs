using System.Globalization;
using System.Text;
using Npgsql;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>Whose a schema is, of which version, and who may do what in it.</summary>
internal sealed class PostgresSchema(NpgsqlDataSource source, PostgresUrl url)
{
    /// <summary>In the table <c>store</c>: marks a schema as ours.</summary>
    public const string Application = "sweep";

    private string Quoted => Quote(url.Schema);

    private string[] Roles => [$"{url.Schema}_operator", $"{url.Schema}_silo", $"{url.Schema}_reader"];

    /// <summary>Refuses, untouched, what is not ours or not of this version; makes what is missing if asked.</summary>
    /// <exception cref="StoreException">As said.</exception>
    public async Task PrepareAsync(StoreOpening opening, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        if (await IsMadeAsync(connection, cancellationToken))
            return;
        if (opening == StoreOpening.Existing)
            throw new StoreException(
                $"there is no store: {url.Shown} (schema {url.Schema}); make one with: sweep launch SPEC --store URL, or sweep setup --store URL");

        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended('sweep store ' || @schema, 0))", cancellationToken);

        // Again under the lock: another process may have been first.
        if (await IsMadeAsync(connection, cancellationToken))
            return;
        if (!(bool)(await ScalarAsync(connection, "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = @schema)", cancellationToken))!)
            await ExecuteAsync(connection, $"CREATE SCHEMA {Quoted}", cancellationToken);
        await ExecuteAsync(connection, StoreSchema.Script("Postgres"), cancellationToken);
        await ExecuteAsync(connection, StoreSchema.Text("Sweep.Orleans.Clustering.sql"), cancellationToken);
        ClusterKey key = ClusterKey.Make();
        await using (NpgsqlCommand insert = new("INSERT INTO cluster_key (id, key) VALUES ($1, $2)",
            connection) { Parameters = { new() { Value = key.ClusterId }, new() { Value = key.Pkcs12 } } })
            await insert.ExecuteNonQueryAsync(cancellationToken);
        await ExecuteAsync(connection, "INSERT INTO store (application, version) VALUES (@application, @version)", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Makes the roles <c>SCHEMA_operator</c>, <c>SCHEMA_silo</c> and <c>SCHEMA_reader</c> where they are missing, and grants them what they need.
    /// </summary>
    public async Task<IReadOnlyList<string>> GrantAsync(CancellationToken cancellationToken)
    {
        string[] roles = Roles;
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (string role in roles)
        {
            await using NpgsqlCommand exists = new("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = @role)", connection);
            exists.Parameters.AddWithValue("role", role);
            if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
                await ExecuteAsync(connection, $"CREATE ROLE {Quote(role)} NOLOGIN", cancellationToken);
        }

        await ExecuteAsync(connection, Grants(roles), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return roles;
    }

    private string Grants(string[] roles) => new StringBuilder(StoreSchema.Text("Sweep.Roles.Postgres.sql"))
        .Replace("{schema}", Quoted).Replace("{operator}", Quote(roles[0])).Replace("{silo}", Quote(roles[1])).Replace("{reader}", Quote(roles[2])).ToString();

    /// <summary>False where there is none.</summary>
    private async Task<bool> IsMadeAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await VersionAsync(connection, cancellationToken) switch
    {
        null => false,
        StoreSchema.Version => true,
        { } version => throw StoreSchema.Other($"{url.Shown} (schema {url.Schema})", version, "start in a new database or another schema (URL?schema=NAME)"),
    };

    /// <summary>The version of our tables; null when the schema holds nothing.</summary>
    private async Task<int?> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // In one statement: another process may make the store at any moment, and two would see what is there before and after.
        bool? marked = await ScalarAsync(connection, Marked, cancellationToken) as bool?;
        if (marked is null)
            return null;
        if (marked is false)
            throw new StoreException($"not a store of ours: schema {url.Schema} of {url.Shown} holds another program's tables");

        object? version = null;
        try
        {
            version = await ScalarAsync(connection, $"SELECT version FROM {Quoted}.store WHERE application = @application", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedColumn)
        {
            // Another program's table of that name.
        }

        return version as int? ?? throw new StoreException($"not a store of ours: schema {url.Schema} of {url.Shown} holds another program's tables");
    }

    /// <summary>Whether one of the schema's relations is called <c>store</c>; null where it has none.</summary>
    private const string Marked =
        "SELECT bool_or(c.relname = 'store') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = @schema";

    private async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(connection, sql);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
        NpgsqlCommand command = new(sql, connection);
        if (sql.Contains("@schema", StringComparison.Ordinal))
            command.Parameters.AddWithValue("schema", url.Schema);
        if (sql.Contains("@application", StringComparison.Ordinal))
            command.Parameters.AddWithValue("application", Application);
        if (sql.Contains("@version", StringComparison.Ordinal))
            command.Parameters.AddWithValue("version", StoreSchema.Version);
        return command;
    }

    private static string Quote(string name) => string.Create(CultureInfo.InvariantCulture, $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
}

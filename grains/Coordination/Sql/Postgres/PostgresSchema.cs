using System.Globalization;
using System.Text;
using Npgsql;

namespace Sweep.Grains.Coordination.Sql.Postgres;

/// <summary>Whose a schema is, how old it is, and who may do what in it.</summary>
internal sealed class PostgresSchema(NpgsqlDataSource source, PostgresUrl url)
{
    /// <summary>In the table <c>store</c>: marks a schema as ours.</summary>
    public const string Application = "sweep";

    private static readonly Migrations Scripts = new("Postgres");

    private string Quoted => Quote(url.Schema);

    private string[] Roles => [$"{url.Schema}_operator", $"{url.Schema}_silo", $"{url.Schema}_reader"];

    /// <summary>Refuses, untouched, what is not ours or not of this version; makes or brings up to date what it may.</summary>
    /// <exception cref="StoreException">As said.</exception>
    public async Task PrepareAsync(StoreOpening opening, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        if (Refusal(await VersionAsync(connection, cancellationToken), opening) is not { } refusal)
            return;
        if (refusal.Final)
            throw refusal.Because;

        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtextextended('sweep store ' || @schema, 0))", cancellationToken);

        // Again under the lock: another process may have been first.
        int? version = await VersionAsync(connection, cancellationToken);
        if (Refusal(version, opening) is { Final: true } found)
            throw found.Because;
        if (version is null && !(bool)(await ScalarAsync(connection, "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = @schema)", cancellationToken))!)
            await ExecuteAsync(connection, $"CREATE SCHEMA {Quoted}", cancellationToken);
        foreach (string script in Scripts.After(version ?? 0))
            await ExecuteAsync(connection, script, cancellationToken);
        await ExecuteAsync(
            connection,
            "INSERT INTO store (application, version) VALUES (@application, @version) ON CONFLICT ((true)) DO UPDATE SET version = excluded.version",
            cancellationToken);

        // What a migration has made anew, the roles may use too.
        string granted = $"SELECT count(*) = 3 FROM pg_roles WHERE rolname IN ({string.Join(", ", Roles.Select(Literal))})";
        if (version is not null && (bool)(await ScalarAsync(connection, granted, cancellationToken))!)
            await ExecuteAsync(connection, Grants(Roles), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Makes the roles <c>SCHEMA_operator</c>, <c>SCHEMA_silo</c> and <c>SCHEMA_reader</c> where they are missing, and grants them what they need.</summary>
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

    private string Grants(string[] roles) => new StringBuilder(Migrations.Text("Sweep.Roles.Postgres.sql"))
        .Replace("{schema}", Quoted).Replace("{operator}", Quote(roles[0])).Replace("{silo}", Quote(roles[1])).Replace("{reader}", Quote(roles[2])).ToString();

    /// <summary>Why a store of this version can't be used as it is; null when it can. Not final: it may be mended.</summary>
    private (StoreException Because, bool Final)? Refusal(int? version, StoreOpening opening)
    {
        if (version == Scripts.Latest)
            return null;
        if (version > Scripts.Latest)
            return (Scripts.Newer(url.Shown, version.Value), true);
        return version is null
            ? (new StoreException($"there is no store: {url.Shown} (schema {url.Schema}); make one with: sweep launch SPEC --store URL, or sweep setup --store URL"),
                opening == StoreOpening.Existing)
            : (new StoreException($"{url.Shown} has schema {version}; allowed: {Scripts.Latest} (bring it up to date with: sweep setup --store URL)"),
                opening != StoreOpening.Upgrade);
    }

    /// <summary>The version of our tables; null when the schema holds nothing.</summary>
    private async Task<int?> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        bool marked = (bool)(await ScalarAsync(connection, $"SELECT EXISTS ({Relations} AND c.relname = 'store')", cancellationToken))!;
        if (!marked)
        {
            return (bool)(await ScalarAsync(connection, $"SELECT EXISTS ({Relations})", cancellationToken))!
                ? throw new StoreException($"not a store of ours: schema {url.Schema} of {url.Shown} holds another program's tables")
                : null;
        }

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

    private const string Relations = "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = @schema";

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
            command.Parameters.AddWithValue("version", Scripts.Latest);
        return command;
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Quote(string name) => string.Create(CultureInfo.InvariantCulture, $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
}

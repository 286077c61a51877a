using Npgsql;

namespace Sweep.Grains.Coordination.Sql.Postgres;

/// <summary>The cluster's coordinator: any number of processes on any number of machines share one PostgreSQL, whose clock and locks decide.</summary>
public sealed class PostgresCoordinator : SqlCoordinator
{
    private readonly PostgresSchema _schema;

    private PostgresCoordinator(PostgresStore store, PostgresSchema schema, CoordinatorOptions options, TimeProvider time)
        : base(store, options, time) => _schema = schema;

    /// <summary>Opens the store at <paramref name="url"/>.</summary>
    /// <param name="time">Measures waits in this process; leases live by the database's clock.</param>
    /// <exception cref="StoreException">It can't be reached, is another program's, or is of another version and may not be changed.</exception>
    public static async Task<PostgresCoordinator> OpenAsync(
        PostgresUrl url, TimeProvider time, StoreOpening opening, CoordinatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(time);
        options ??= new CoordinatorOptions();
        options.Validate();
        NpgsqlDataSource source = NpgsqlDataSource.Create(url.Settings);
        try
        {
            PostgresSchema schema = new(source, url);
            await schema.PrepareAsync(opening, cancellationToken);
            return new PostgresCoordinator(new PostgresStore(source, url, options, time), schema, options, time);
        }
        catch (Exception e)
        {
            await source.DisposeAsync();
            if (PostgresErrors.IsStores(e))
                throw PostgresErrors.Translate(e, url.Shown);
            throw;
        }
    }

    /// <summary>
    /// Makes the roles <c>SCHEMA_operator</c>, <c>SCHEMA_silo</c> and <c>SCHEMA_reader</c> where they are missing and grants them what they need; returns
    /// their names. Users become members of one.
    /// </summary>
    /// <exception cref="StoreException">This user may not.</exception>
    public async Task<IReadOnlyList<string>> GrantRolesAsync(PostgresUrl url, CancellationToken cancellationToken)
    {
        try
        {
            return await _schema.GrantAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsStores(e))
        {
            throw PostgresErrors.Translate(e, url.Shown);
        }
    }
}

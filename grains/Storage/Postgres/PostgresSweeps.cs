using Npgsql;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>
/// A cluster's store: any number of processes on any number of machines share one PostgreSQL and its clock. Who runs what is the grains' to decide.
/// </summary>
public sealed class PostgresSweeps : SqlSweeps
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    private readonly PostgresSchema _schema;
    private readonly TimeProvider _time;

    private PostgresSweeps(PostgresStore store, PostgresSchema schema, CoordinatorOptions options, TimeProvider time)
        : base(store, options) => (_schema, _time) = (schema, time);

    /// <summary>Opens the store at <paramref name="url"/>.</summary>
    /// <param name="time">Measures waits in this process; leases live by the database's clock.</param>
    /// <exception cref="StoreException">It can't be reached, is another program's, or is of another version and may not be changed.</exception>
    public static async Task<PostgresSweeps> OpenAsync(
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
            return new PostgresSweeps(new PostgresStore(source, url, options, time), schema, options, time);
        }
        catch (Exception e)
        {
            await source.DisposeAsync();
            if (PostgresErrors.IsStores(e))
                throw PostgresErrors.Translate(e, url.Shown);
            throw;
        }
    }

    /// <summary>Writes the request's row, wakes the silos, and looks at the row until it is carried out.</summary>
    public override async Task<RequestRecord> RequestAsync(OperatorRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        await WriteAsync(request, cancellationToken);
        long began = _time.GetTimestamp();
        while (true)
        {
            RequestRecord record = await FindAsync(request, cancellationToken);
            if (record.Done is not null || _time.GetElapsedTime(began) >= patience)
                return record;
            await Task.Delay(AskAgain, _time, cancellationToken);
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

using System.Globalization;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Postgres;

namespace Sweep.Tests.Grains.Coordination;

/// <summary>A schema of its own in the run's server. Its clock stands until it is advanced: the schema's <c>now_ms()</c> is replaced.</summary>
internal sealed class PostgresTestStore : TestStore
{
    private static int _count;
    private readonly PostgresServer _server;
    private readonly ManualClock _clock = new();
    private readonly List<PostgresCoordinator> _open = [];

    public PostgresTestStore(PostgresServer server)
    {
        _server = server;
        Schema = string.Create(CultureInfo.InvariantCulture, $"t{Interlocked.Increment(ref _count)}");
        Url = PostgresUrl.Parse(server.Url(Schema));
        PostgresCoordinator first = PostgresCoordinator.OpenAsync(Url, TimeProvider.System, StoreOpening.Create).GetAwaiter().GetResult();
        first.DisposeAsync().AsTask().GetAwaiter().GetResult();
        SetClock();
    }

    public string Schema { get; }

    public PostgresUrl Url { get; }

    public override DateTimeOffset Now => _clock.GetUtcNow();

    public override ICoordinator Connect(CoordinatorOptions? options = null)
    {
        PostgresCoordinator coordinator = PostgresCoordinator.OpenAsync(Url, TimeProvider.System, StoreOpening.Existing, options).GetAwaiter().GetResult();
        lock (_open)
            _open.Add(coordinator);
        return coordinator;
    }

    public override void Advance(TimeSpan by)
    {
        _clock.Advance(by);
        SetClock();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (PostgresCoordinator coordinator in _open)
            await coordinator.DisposeAsync();
        await _server.ExecuteAsync($"DROP SCHEMA {Schema} CASCADE");
    }

    private void SetClock() => _server.ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"CREATE OR REPLACE FUNCTION {Schema}.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT {Now.ToUnixTimeMilliseconds()}::bigint'"))
        .GetAwaiter().GetResult();
}

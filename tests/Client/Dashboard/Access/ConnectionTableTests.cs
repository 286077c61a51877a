using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sweep.Client.Dashboard.Access;
using Xunit;

namespace Sweep.Tests.Client.Dashboard.Access;

public sealed class ConnectionTableTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.7"), Elsewhere = IPAddress.Parse("192.0.2.8"), Proxy = IPAddress.Parse("10.0.0.1");

    private readonly FakeTimeProvider _clock = new();
    private readonly ConnectionTable _table;
    private readonly List<OpenConnection> _closed = [];

    public ConnectionTableTests() => _table = new ConnectionTable(TrustedProxies.Parse("--trusted-proxy", ["10.0.0.0/24"]), _clock);

    [Fact]
    public void Enter_WhenAnAddressHasItsShareOfStrangers_ClosesItsOldest()
    {
        OpenConnection elsewhere = Enter(Elsewhere);
        OpenConnection[] here = [.. Enumerable.Range(0, ConnectionTable.MaxAnonymousPerClient).Select(_ => Enter(Here))];
        Assert.Empty(_closed);
        Enter(Here);
        Assert.Equal([here[0]], _closed);
        Assert.DoesNotContain(elsewhere, _closed);
    }

    [Fact]
    public void Enter_WhenAllPlacesAreTaken_ClosesAStrangersBeforeAnIdleOneBeforeNone()
    {
        for (int i = 0; i < ConnectionTable.MaxConnections - 1; i++)
            Busy(Enter(Address(i)));
        OpenConnection stranger = Enter(Here);
        OpenConnection next = Enter(Elsewhere);
        Assert.Equal([stranger], _closed);
        Known(next);
        _clock.Advance(TimeSpan.FromMinutes(1));
        OpenConnection third = Enter(Here);
        Assert.Equal([stranger, next], _closed);
        Busy(third);
        Assert.Null(_table.Enter(Here, () => { }));
        Assert.Equal(ConnectionTable.MaxConnections, _table.Count);
    }

    [Fact]
    public void Enter_WhenSomebodyWhoIsLoggedInTakesAllTheyCan_LeavesPlacesToOthers()
    {
        for (int i = 0; i < ConnectionTable.MaxPerClient; i++)
            Busy(Enter(Here));
        Assert.Null(_table.Enter(Here, () => { }));
        Enter(Elsewhere);
        Assert.Empty(_closed);
    }

    [Fact]
    public void Enter_FromATrustedProxy_HasNoShare()
    {
        for (int i = 0; i < ConnectionTable.MaxConnections; i++)
            Enter(Proxy);
        Assert.Empty(_closed);
    }

    [Fact]
    public void Check_WhenAStrangersIsIdle_ClosesItAndNobodyElses()
    {
        OpenConnection idle = Enter(Here), known = Known(Enter(Here)), busy = Enter(Here);
        _table.RequestBegan(busy);
        _clock.Advance(ConnectionTable.AnonymousIdleTimeout);
        CheckAll();
        Assert.Equal([idle], _closed);
        _clock.Advance(ConnectionTable.AnonymousRequestTimeout);
        CheckAll();
        Assert.Equal([idle, busy], _closed);
        Assert.Equal(1, _table.Count);

        void CheckAll()
        {
            foreach (OpenConnection connection in new[] { idle, known, busy }.Except(_closed))
                _table.Check(connection);
        }
    }

    [Fact]
    public void Check_WhenWhoWasLoggedInIsNoMore_ClosesIt()
    {
        OpenConnection connection = Known(Enter(Here));
        _table.SetAuthenticated(connection, isAuthenticated: false);
        _clock.Advance(ConnectionTable.AnonymousIdleTimeout);
        _table.Check(connection);
        Assert.Equal([connection], _closed);
    }

    private static IPAddress Address(int number) => new([198, 51, (byte)(number / 256), (byte)number]);

    private OpenConnection Enter(IPAddress address)
    {
        OpenConnection? connection = null;
        connection = _table.Enter(address, () => _closed.Add(connection!));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        return connection ?? throw new InvalidOperationException("refused");
    }

    private OpenConnection Known(OpenConnection connection)
    {
        _table.SetAuthenticated(connection, isAuthenticated: true);
        return connection;
    }

    private void Busy(OpenConnection connection) => _table.RequestBegan(Known(connection));
}

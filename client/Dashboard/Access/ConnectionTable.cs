using System.Net;

namespace Sweep.Client.Dashboard.Access;

/// <summary>
/// Open connections, bounded in total and per address. At a limit a new connection evicts the least recently used one: anonymous connections (no session, no
/// token so far) first, then idle ones. So neither idle connections nor a single address can lock others out. Anonymous connections also time out quickly. A
/// trusted proxy carries many clients and has no limit of its own. Thread-safe.
/// </summary>
internal sealed class ConnectionTable(TrustedProxies proxies, TimeProvider time)
{
    public const int MaxConnections = 512, MaxPerClient = 256, MaxAnonymousPerClient = 64;

    /// <summary>When an anonymous connection is closed: between requests, and during one.</summary>
    public static readonly TimeSpan AnonymousIdleTimeout = TimeSpan.FromSeconds(15), AnonymousRequestTimeout = TimeSpan.FromSeconds(45);

    private readonly Lock _lock = new();
    private readonly HashSet<OpenConnection> _open = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>Admits a new connection, evicting another at a limit.</summary>
    /// <param name="close">Closes the new connection at once; may be called from any thread, more than once.</param>
    /// <returns>To be passed to <see cref="Leave"/> when it ends; null if every candidate is serving an authenticated request.</returns>
    public OpenConnection? Enter(IPAddress? address, Action close)
    {
        var entering = new OpenConnection(ClientAddress.Key(address), close, time.GetTimestamp());
        OpenConnection? leaving;
        lock (_lock)
        {
            if (!TryMakeRoom(entering.Client, proxies.Contains(address), out leaving))
                return null;
            if (leaving is not null)
                _open.Remove(leaving);
            _open.Add(entering);
        }

        leaving?.Close();
        return entering;
    }

    public void Leave(OpenConnection connection)
    {
        lock (_lock)
            _open.Remove(connection);
    }

    public void RequestBegan(OpenConnection connection) => Change(connection, c => c.Requests++);

    public void RequestEnded(OpenConnection connection) => Change(connection, c => c.Requests--);

    /// <param name="isAuthenticated">Whether the current request is.</param>
    public void SetAuthenticated(OpenConnection connection, bool isAuthenticated) => Change(connection, c => c.IsAuthenticated = isAuthenticated);

    /// <summary>Closes an anonymous connection that has timed out; called periodically.</summary>
    public void Check(OpenConnection connection)
    {
        lock (_lock)
        {
            if (connection.IsAuthenticated || time.GetElapsedTime(connection.Used) < (connection.Requests > 0 ? AnonymousRequestTimeout : AnonymousIdleTimeout))
                return;
            _open.Remove(connection);
        }

        connection.Close();
    }

    private void Change(OpenConnection connection, Action<OpenConnection> change)
    {
        lock (_lock)
        {
            change(connection);
            connection.Used = time.GetTimestamp();
        }
    }

    private bool TryMakeRoom(string client, bool isProxy, out OpenConnection? leaving)
    {
        leaving = null;
        if (!isProxy)
        {
            OpenConnection[] own = [.. _open.Where(c => c.Client == client)];
            if (own.Count(c => !c.IsAuthenticated) >= MaxAnonymousPerClient || own.Length >= MaxPerClient)
                return (leaving = EvictionCandidate(own)) is not null;
        }

        return _open.Count < MaxConnections || (leaving = EvictionCandidate(_open)) is not null;
    }

    private static OpenConnection? EvictionCandidate(IEnumerable<OpenConnection> connections) => connections
        .Where(c => !c.IsAuthenticated || c.Requests == 0).OrderBy(c => c.IsAuthenticated).ThenBy(c => c.Requests > 0).ThenBy(c => c.Used).FirstOrDefault();
}

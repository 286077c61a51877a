using Npgsql;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>
/// Receives other processes' notifications (LISTEN) on a connection of its own, and raises the signal. While the connection is broken it raises it at every
/// attempt to reconnect: whoever waits then asks the store, and is told what is wrong.
/// </summary>
internal sealed class PostgresListener(PostgresUrl url, WorkSignal signal, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1), MaxBackoff = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private Task? _listening;
    private Action<string>? _told;

    /// <summary>
    /// Tells what is announced from now on: the id of a sweep that was changed beside its grain, not of what happens while the connection is broken; and that
    /// requests wait (<see cref="RequestRows.News"/>), also whenever a connection is there at last, since some may.
    /// </summary>
    public void WhenTold(Action<string> told) => _told += told;

    /// <summary>The store's channel: stores that share a database don't wake each other.</summary>
    public static string Channel(PostgresUrl url) => $"{url.Schema}_work";

    /// <summary>Begins to listen; does nothing the second time.</summary>
    public void Start()
    {
        lock (_lock)
            _listening ??= Task.Run(ListenAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_listening is not null)
            await _listening;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        var backoff = new Backoff(time, ReconnectAfter, MaxBackoff);
        try
        {
            while (true)
            {
                await using NpgsqlConnection connection = await backoff.RunAsync(ConnectAsync, _ => true, (_, _) => signal.Raise(), _stop.Token);

                // Notifications sent before are lost.
                signal.Raise();
                Tell(RequestRows.News);
                await UntilBrokenAsync(connection);

                // Any exception: those that wait ask the store, which reports it.
                signal.Raise();
                await Task.Delay(ReconnectAfter, time, _stop.Token);
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(url.Settings.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            connection.Notification += (_, news) =>
            {
                if (news.Payload.Length > 0)
                    Tell(news.Payload);
                signal.Raise();
            };
            await connection.OpenAsync(cancellationToken);
            await using NpgsqlCommand listen = new($"LISTEN \"{Channel(url).Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await listen.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task UntilBrokenAsync(NpgsqlConnection connection)
    {
        try
        {
            while (true)
                await connection.WaitAsync(_stop.Token);
        }
        catch (Exception) when (!_stop.IsCancellationRequested)
        {
            // ListenAsync connects again.
        }
    }

    private void Tell(string news)
    {
        try
        {
            _told?.Invoke(news);
        }
        catch (Exception)
        {
            // Any exception: later notifications must still be received.
        }
    }
}

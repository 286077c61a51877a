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
    private readonly CancellationTokenSource _over = new();
    private CancellationTokenSource? _stop;
    private Task _listening = Task.CompletedTask;
    private Action<string>? _told;

    /// <summary>
    /// Tells what is announced from now on: the id of a sweep that was changed beside its grain, not of what happens while the connection is broken; and that
    /// requests wait (<see cref="RequestRows.News"/>), also whenever a connection is there at last, since some may. There is a connection as long as anybody
    /// is told.
    /// </summary>
    /// <returns>Ends it.</returns>
    public IDisposable WhenTold(Action<string> told)
    {
        lock (_lock)
        {
            _told += told;
            if (_stop is null)
            {
                _stop = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
                Task before = _listening;
                CancellationToken stop = _stop.Token;
                _listening = Task.Run(() => ListenAsync(before, stop));
            }
        }

        return new Ending(() => NoMore(told));
    }

    /// <summary>The store's channel: stores that share a database don't wake each other.</summary>
    public static string Channel(PostgresUrl url) => $"{url.Schema}_work";

    public async ValueTask DisposeAsync()
    {
        if (!_over.IsCancellationRequested)
            await _over.CancelAsync();
        await _listening;
    }

    private void NoMore(Action<string> told)
    {
        lock (_lock)
        {
            _told -= told;
            if (_told is not null || _stop is null)
                return;
            _stop.Cancel();
            _stop.Dispose();
            _stop = null;
        }
    }

    /// <param name="before">The listening before this, which ends.</param>
    private async Task ListenAsync(Task before, CancellationToken stop)
    {
        await before;
        var backoff = new Backoff(time, ReconnectAfter, MaxBackoff);
        try
        {
            while (true)
            {
                await using NpgsqlConnection connection = await backoff.RunAsync(ConnectAsync, _ => true, (_, _) => signal.Raise(), stop);

                // Notifications sent before are lost.
                Tell(RequestRows.News);
                signal.Raise();
                await UntilBrokenAsync(connection, stop);

                // Any exception: those that wait ask the store, which reports it.
                signal.Raise();
                await Task.Delay(ReconnectAfter, time, stop);
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Nobody is told any more, or disposed.
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

    private static async Task UntilBrokenAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        try
        {
            while (true)
                await connection.WaitAsync(stop);
        }
        catch (Exception) when (!stop.IsCancellationRequested)
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

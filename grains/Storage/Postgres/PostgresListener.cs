using Npgsql;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>
/// Hears what other processes announce (LISTEN), on a connection of its own, and rings. While that is broken it rings too, at every try to mend it: who
/// waits then asks the store, and hears what is wrong.
/// </summary>
internal sealed class PostgresListener(PostgresUrl url, WorkBell bell, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private Task? _listening;
    private Action<string>? _told;

    /// <summary>
    /// Tells what is announced from now on: the id of a sweep that was changed beside its grain, not of what happens while the connection is broken; and that
    /// requests wait
    /// (<see cref="RequestRows.News"/>), also whenever a connection is there at last, since some may.
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
        TimeSpan backoff = TimeSpan.FromSeconds(1);
        string connectionString = new NpgsqlConnectionStringBuilder(url.Settings.ConnectionString) { Pooling = false }.ConnectionString;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using NpgsqlConnection connection = new(connectionString);
                connection.Notification += (_, news) =>
                {
                    if (news.Payload.Length > 0)
                        Tell(news.Payload);
                    bell.Ring();
                };
                await connection.OpenAsync(_stop.Token);
                await using (NpgsqlCommand listen = new($"LISTEN \"{Channel(url).Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection))
                    await listen.ExecuteNonQueryAsync(_stop.Token);

                // What was announced before is not heard.
                bell.Ring();
                Tell(RequestRows.News);
                backoff = TimeSpan.FromSeconds(1);
                while (true)
                    await connection.WaitAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // Whatever it is, who waits asks the store, and hears it there.
                bell.Ring();
            }

            try
            {
                await Task.Delay(backoff, time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            backoff = backoff * 2 < Longest ? backoff * 2 : Longest;
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
            // Whatever it is, that is no reason to hear of nothing any more.
        }
    }
}

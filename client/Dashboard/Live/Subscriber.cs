using System.Collections.Concurrent;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// A subscribed page. Events carry the current state, not changes, so only the latest of each kind is queued: a slow page takes no memory and misses nothing
/// that still applies. Thread-safe.
/// </summary>
/// <param name="sweepId">The page's sweep; null for the list of sweeps.</param>
/// <param name="trialId">The page's trial; null for the whole sweep.</param>
internal sealed class Subscriber(string? sweepId, string? trialId = null)
{
    private readonly Lock _lock = new();
    private readonly List<(string Name, byte[] Data)> _waiting = [];
    private TaskCompletionSource _news = New();

    public string? SweepId => sweepId;

    public string? TrialId => trialId;

    /// <summary>What the page was sent last, by kind of event, so that it isn't sent again.</summary>
    public ConcurrentDictionary<string, byte[]> Sent { get; } = new(StringComparer.Ordinal);

    public void Send(string name, byte[] data)
    {
        lock (_lock)
        {
            int at = _waiting.FindIndex(e => e.Name == name);
            if (at >= 0)
                _waiting[at] = (name, data);
            else
                _waiting.Add((name, data));
            _news.TrySetResult();
        }
    }

    /// <summary>Returns when there is something to send, or after a while.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        Task news;
        lock (_lock)
            news = _news.Task;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(news, Task.Delay(atMost, time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Sends what was not sent last.</summary>
    /// <param name="compared">Decides whether it has changed.</param>
    /// <param name="data">What is sent, if different.</param>
    public void Tell(string name, byte[] compared, byte[]? data = null)
    {
        if (Sent.TryGetValue(name, out byte[]? before) && before.AsSpan().SequenceEqual(compared))
            return;
        Sent[name] = compared;
        Send(name, data ?? compared);
    }

    public IReadOnlyList<(string Name, byte[] Data)> Take()
    {
        lock (_lock)
        {
            (string, byte[])[] taken = [.. _waiting];
            _waiting.Clear();
            _news = New();
            return taken;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

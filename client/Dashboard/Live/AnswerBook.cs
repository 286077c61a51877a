using System.Collections.Concurrent;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Live;

/// <summary>The headlines of sweeps that are done, made one at a time in the background when they are first asked for, and kept. Thread-safe.</summary>
internal sealed class AnswerBook(StoreView store, TroubleLog log, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The report of a larger sweep takes long; its own page has the answer.</summary>
    private const int MaxTrials = 20_000;

    private readonly ConcurrentDictionary<(string Sweep, int Completed, int Failed), string?> _answers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task _work = Task.CompletedTask;

    /// <summary>Null of a sweep that isn't done, and until its answer is known.</summary>
    public string? Of(SweepSummary sweep)
    {
        if (sweep is not { Queued: 0, Running: 0, Completed: > 0, Total: <= MaxTrials })
            return null;
        var key = (sweep.Id, sweep.Completed, sweep.Failed);
        if (_answers.TryAdd(key, null))
        {
            lock (_lock)
                _work = AfterAsync(_work, key);
        }

        return _answers.GetValueOrDefault(key);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task work;
        lock (_lock)
            work = _work;
        await work;
        _stop.Dispose();
    }

    private async Task AfterAsync(Task before, (string Sweep, int Completed, int Failed) key)
    {
        await before.ConfigureAwait(false);
        await Task.Yield();
        string what = $"answer of sweep {key.Sweep}";
        try
        {
            ReportInput input = await ReportInput.ReadAsync(
                store.Reader, await store.SpecAsync(key.Sweep, _stop.Token), MachineDescription.Environment(), time.GetUtcNow(), _stop.Token);
            _answers[key] = ReportBuilder.Build(input).Answer.Headline;
            log.Resolve(what);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server is stopping.
        }
        catch (Exception e)
        {
            // The list does without; the sweep's own page says what is wrong.
            log.Report(what, e);
        }
    }
}

using System.Collections.Concurrent;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>
/// Group commit within a process: while one report of a silo is on its way to a sweep's grain, those of its other trials wait and go together in the next call,
/// so that a silo costs the server as many transactions as fit one after the other, however many slots it has. Nobody waits for company. Thread-safe.
/// </summary>
/// <param name="goesOn">Where a group goes on when another's answer is there. By default anywhere: it outlives the call, and the activation, that began
/// it.</param>
public sealed class ReportGroups(ConfigureAwaitOptions goesOn = ConfigureAwaitOptions.None)
{
    /// <summary>Reports in one call, which bounds how long it holds its rows.</summary>
    private const int MaxReports = 128;

    private readonly ConcurrentDictionary<(string Sweep, long Holder, WireLeaseRequest Alike), Queue> _queues = new();

    /// <summary>Passes a result on and asks for more; the answer holds one report's.</summary>
    /// <param name="sweepKey">Which sweep's grain <paramref name="call"/> reaches.</param>
    /// <param name="call">Reports of one silo, and its request.</param>
    public Task<WireReported> CallAsync(string sweepKey, WireReport report, WireLeaseRequest next, Func<WireReport[], WireLeaseRequest,
        Task<WireReported>> call)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(call);
        Waiting waiting = new(report, next.MaxTrials, call);
        WireLeaseRequest alike = next with { MaxTrials = 0 };
        Queue queue = _queues.GetOrAdd((sweepKey, report.Holder, alike), _ => new Queue());
        if (queue.Add(waiting))
            _ = RunAsync(queue, alike);
        return waiting.Answer.Task;
    }

    private async Task RunAsync(Queue queue, WireLeaseRequest alike)
    {
        while (queue.Take() is { Length: > 0 } together)
        {
            try
            {
                // The latest way to the grain: an earlier one may be of a silo that has left the cluster since.
                WireReported answer = await together[^1].Call(
                    [.. together.Select(w => w.Report)], alike with { MaxTrials = together.Sum(w => w.MaxTrials) }).ConfigureAwait(goesOn);
                int leases = 0;
                for (int i = 0; i < together.Length; i++)
                {
                    together[i].Answer.TrySetResult(new WireReported { Answers = [answer.Answers[i]],
                        Leases = [.. answer.Leases.Skip(leases).Take(together[i].MaxTrials)] });
                    leases += together[i].MaxTrials;
                }
            }
            catch (Exception e)
            {
                foreach (Waiting waiting in together)
                    waiting.Answer.TrySetException(e);
            }
        }
    }

    private sealed class Queue
    {
        private readonly Lock _lock = new();
        private readonly List<Waiting> _waiting = [];
        private bool _running;

        /// <summary>True when no call is under way: the caller begins.</summary>
        public bool Add(Waiting waiting)
        {
            lock (_lock)
            {
                _waiting.Add(waiting);
                return !_running && (_running = true);
            }
        }

        /// <summary>Those that go together, longest waiting first; with none it has ended.</summary>
        public Waiting[] Take()
        {
            lock (_lock)
            {
                Waiting[] together = [.. _waiting.Take(MaxReports)];
                _waiting.RemoveRange(0, together.Length);
                _running = together.Length > 0;
                return together;
            }
        }
    }

    private sealed record Waiting(WireReport Report, int MaxTrials, Func<WireReport[], WireLeaseRequest, Task<WireReported>> Call)
    {
        public TaskCompletionSource<WireReported> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

using System.Collections.Concurrent;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans;

/// <summary>
/// Group commit within a process: while one report of a silo is on its way, those of its other slots wait and go together in the next call, so that a
/// silo costs the server as many transactions as fit one after the other, however many slots it has. Nobody waits for company.
/// </summary>
/// <param name="call">Reports of one silo, and its request.</param>
/// <param name="giveBack">For a lease whose asker has gone.</param>
internal sealed class ReportGroups(Func<IReadOnlyList<FinishedTrial>, LeaseRequest, Task<QuickAnswer>> call, Func<Lease, Task> giveBack)
{
    /// <summary>Reports in one call, which bounds how long it holds its rows.</summary>
    private const int Most = 32;

    private readonly ConcurrentDictionary<(long Holder, LeaseRequest Request), Queue> _queues = new();

    /// <summary>What was decided for these reports and this request. A cancelled caller no longer waits; its reports may be committed.</summary>
    public Task<QuickAnswer> CallAsync(IReadOnlyList<FinishedTrial> finished, LeaseRequest next, CancellationToken cancellationToken)
    {
        Waiting waiting = new(finished, next.Most, cancellationToken);
        LeaseRequest alike = next with { Most = 0 };
        Queue queue = _queues.GetOrAdd((finished[0].Lease.Holder, alike), _ => new Queue());
        if (queue.Add(waiting))
            _ = RunAsync(queue, alike);
        return waiting.Answer;
    }

    private async Task RunAsync(Queue queue, LeaseRequest alike)
    {
        while (queue.Take() is { Count: > 0 } together)
        {
            try
            {
                QuickAnswer answer = await call(
                    [.. together.SelectMany(w => w.Finished)], alike with { Most = together.Sum(w => w.Most) }).ConfigureAwait(false);
                await DealAsync(together, answer).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                foreach (Waiting waiting in together)
                    waiting.Fail(e);
            }
        }
    }

    private async Task DealAsync(List<Waiting> together, QuickAnswer answer)
    {
        int reports = 0, leases = 0;
        List<Lease> unwanted = [];
        foreach (Waiting waiting in together)
        {
            QuickAnswer part = new(
                [.. answer.Accepted.Skip(reports).Take(waiting.Finished.Count)], [.. answer.Leases.Skip(leases).Take(waiting.Most)]);
            reports += waiting.Finished.Count;
            leases += part.Leases.Count;
            if (!waiting.Give(part))
                unwanted.AddRange(part.Leases);
        }

        foreach (Lease lease in unwanted)
        {
            try
            {
                await giveBack(lease).ConfigureAwait(false);
            }
            catch (Exception e) when (e is StoreException or ObjectDisposedException)
            {
                // It expires.
            }
        }
    }

    private sealed class Queue
    {
        private readonly Lock _lock = new();
        private readonly List<Waiting> _waiting = [];
        private bool _running;

        /// <summary>True when nobody is at it: the caller begins.</summary>
        public bool Add(Waiting waiting)
        {
            lock (_lock)
            {
                _waiting.Add(waiting);
                return !_running && (_running = true);
            }
        }

        /// <summary>Those that go together, longest waiting first; with none it has ended.</summary>
        public List<Waiting> Take()
        {
            lock (_lock)
            {
                _waiting.RemoveAll(w => w.Answer.IsCompleted);
                int count = 0, reports = 0;
                while (count < _waiting.Count && (count == 0 || reports + _waiting[count].Finished.Count <= Most))
                    reports += _waiting[count++].Finished.Count;
                List<Waiting> together = _waiting[..count];
                _waiting.RemoveRange(0, count);
                _running = count > 0;
                return together;
            }
        }
    }

    private sealed class Waiting
    {
        private readonly TaskCompletionSource<QuickAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenRegistration _leaving;

        public Waiting(IReadOnlyList<FinishedTrial> finished, int most, CancellationToken cancellationToken)
        {
            Finished = finished;
            Most = most;
            _leaving = cancellationToken.Register(() => _answer.TrySetCanceled(cancellationToken));
        }

        public IReadOnlyList<FinishedTrial> Finished { get; }

        public int Most { get; }

        public Task<QuickAnswer> Answer => _answer.Task;

        /// <summary>False when the caller has gone.</summary>
        public bool Give(QuickAnswer answer)
        {
            _leaving.Dispose();
            return _answer.TrySetResult(answer);
        }

        public void Fail(Exception e)
        {
            _leaving.Dispose();
            _answer.TrySetException(e);
        }
    }
}

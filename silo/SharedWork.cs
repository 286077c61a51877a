using System.Diagnostics.CodeAnalysis;

namespace Sweep.Silo;

/// <summary>
/// Work whose result several trials need, done once: whoever asks for it meanwhile waits, which takes no longer than doing it again would. Trials of one data
/// set and seed have its points in common, and the fitted preprocessing; those that differ in sampling alone, their trained network and its diagnostics too.
/// All are bit-equal wherever they are computed, so sharing changes no result. The latest results are kept, up to a total size. Thread-safe.
/// </summary>
/// <param name="most">Total size kept; the latest result is kept whatever its size.</param>
/// <param name="size">Of a result, in the unit of <paramref name="most"/>.</param>
internal sealed class SharedWork<T>(long most, Func<T, long> size)
    where T : class
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _total;

    /// <summary>The result of a key: kept, made by another thread, or made here.</summary>
    /// <param name="key">What determines the result.</param>
    /// <param name="make">Makes it; when it throws, the exception is its caller's alone, and the next one who waits makes it.</param>
    /// <param name="attempt">The attempt that <paramref name="make"/> reports to: those who wait show its progress. Null where there is none.</param>
    /// <param name="cancellationToken">Ends waiting; <paramref name="make"/> observes it itself.</param>
    public T Get(string key, Func<T> make, AttemptProgress? attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!TryJoin(key, attempt, out Entry? mine, out Entry? others))
                return Make(mine, make);
            while (!others.Done.Wait(WatchEvery, cancellationToken))
                Follow(attempt, others.Maker);
            if (others.Result is { } result)
            {
                attempt?.Reused();
                return result;
            }
        }
    }

    private static void Follow(AttemptProgress? attempt, AttemptProgress? maker)
    {
        if (maker is not null)
            attempt?.Follow(maker);
    }

    /// <summary>True with an entry that somebody else made; false with a new one, to be filled.</summary>
    private bool TryJoin(string key, AttemptProgress? attempt, [NotNullWhen(false)] out Entry? mine, [NotNullWhen(true)] out Entry? others)
    {
        lock (_lock)
        {
            (mine, others) = (null, null);
            if (_entries.TryGetValue(key, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                others = node.Value;
                return true;
            }

            mine = new Entry(key, attempt);
            _entries[key] = _byUse.AddFirst(mine);
            return false;
        }
    }

    private T Make(Entry entry, Func<T> make)
    {
        try
        {
            T result = make();
            lock (_lock)
            {
                entry.Result = result;
                _total += size(result);
                Trim(entry);
            }

            return result;
        }
        catch
        {
            lock (_lock)
            {
                _byUse.Remove(_entries[entry.Key]);
                _entries.Remove(entry.Key);
            }

            throw;
        }
        finally
        {
            entry.Done.Set();
        }
    }

    /// <summary>Drops the least recently used until the rest fits beside what has just been made; what is being made has no size yet and stays.</summary>
    private void Trim(Entry made)
    {
        for (var node = _byUse.Last; node is not null && _total > most;)
        {
            var before = node.Previous;
            if (node.Value.Result is { } result && node.Value != made)
            {
                _total -= size(result);
                _byUse.Remove(node);
                _entries.Remove(node.Value.Key);
            }

            node = before;
        }
    }

    private sealed class Entry(string key, AttemptProgress? maker)
    {
        private volatile T? _result;

        public string Key { get; } = key;

        public AttemptProgress? Maker { get; } = maker;

        public ManualResetEventSlim Done { get; } = new();

        /// <summary>Null while it is being made, and after that failed.</summary>
        public T? Result
        {
            get => _result;
            set => _result = value;
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using Sweep.Grains.Specs;

namespace Sweep.Silo;

/// <summary>
/// Trials that differ in sampling alone train the same network: it is trained once, and whoever asks for it meanwhile waits, which takes no longer than training it again would. Training is
/// bit-equal wherever it runs, so sharing changes no result. The latest networks are kept, up to a number of bytes. Thread-safe.
/// </summary>
/// <param name="mostBytes">Of parameters kept; the latest network is kept whatever its size.</param>
internal sealed class SharedTraining(long mostBytes)
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>The network of a key: kept, trained by another thread, or trained here.</summary>
    /// <param name="key">From <see cref="TrialIdentity.Training"/>.</param>
    /// <param name="train">Trains; when it throws, the exception is its caller's alone, and the next one who waits trains.</param>
    /// <param name="trainer">The attempt that <paramref name="train"/> reports to: those who wait show its progress.</param>
    /// <param name="cancellationToken">Ends waiting; <paramref name="train"/> minds it itself.</param>
    public SharedNetwork Get(string key, Func<SharedNetwork> train, AttemptProgress trainer, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!TryJoin(key, trainer, out Entry? mine, out Entry? others))
                return Train(mine, train);
            while (!others.Done.Wait(WatchEvery, cancellationToken))
                trainer.Follow(others.Trainer);
            if (others.Network is { } network)
                return network;
        }
    }

    /// <summary>True with an entry that somebody else made; false with a new one, to be filled.</summary>
    private bool TryJoin(string key, AttemptProgress trainer, [NotNullWhen(false)] out Entry? mine, [NotNullWhen(true)] out Entry? others)
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

            mine = new Entry(key, trainer);
            _entries[key] = _byUse.AddFirst(mine);
            return false;
        }
    }

    private SharedNetwork Train(Entry entry, Func<SharedNetwork> train)
    {
        try
        {
            entry.Network = train();
            lock (_lock)
                Trim();
            return entry.Network;
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

    /// <summary>Drops the least recently used; what is in training has no size yet and stays.</summary>
    private void Trim()
    {
        long bytes = 0;
        bool latest = true;
        for (var node = _byUse.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Network is { } network)
            {
                bytes += network.Bytes;
                if (bytes > mostBytes && !latest)
                {
                    _byUse.Remove(node);
                    _entries.Remove(node.Value.Key);
                }

                latest = false;
            }

            node = next;
        }
    }

    private sealed class Entry(string key, AttemptProgress trainer)
    {
        private volatile SharedNetwork? _network;

        public string Key { get; } = key;

        public AttemptProgress Trainer { get; } = trainer;

        public ManualResetEventSlim Done { get; } = new();

        /// <summary>Null while in training, and after it failed.</summary>
        public SharedNetwork? Network
        {
            get => _network;
            set => _network = value;
        }
    }
}

namespace Sweep.Silo;

/// <summary>
/// Values by key, each made once however many threads ask, the least recently used dropped beyond a capacity. A maker that throws is forgotten, so that
/// the next asker tries again. Thread-safe.
/// </summary>
internal sealed class OnceCache<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, Lazy<TValue> Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, Lazy<TValue> Value)> _byUse = new();

    public TValue Get(TKey key, Func<TValue> make)
    {
        Lazy<TValue> value = Entry(key, make);
        try
        {
            return value.Value;
        }
        catch
        {
            Forget(key, value);
            throw;
        }
    }

    private Lazy<TValue> Entry(TKey key, Func<TValue> make)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Value;
            }

            var value = new Lazy<TValue>(make, LazyThreadSafetyMode.ExecutionAndPublication);
            _nodes[key] = _byUse.AddFirst((key, value));
            if (_nodes.Count > capacity)
            {
                _nodes.Remove(_byUse.Last!.Value.Key);
                _byUse.RemoveLast();
            }

            return value;
        }
    }

    private void Forget(TKey key, Lazy<TValue> value)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var node) && ReferenceEquals(node.Value.Value, value))
            {
                _nodes.Remove(key);
                _byUse.Remove(node);
            }
        }
    }
}

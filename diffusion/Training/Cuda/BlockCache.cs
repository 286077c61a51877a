namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// Keeps freed small blocks of device memory for later requests of the same size: a driver's own freeing waits for all kernels that run, which a
/// training launch makes long. When memory runs out it gives all of them up first. Thread-safe.
/// </summary>
/// <param name="allocate">The driver's; throws <see cref="DeviceMemoryException"/>.</param>
/// <param name="free">The driver's.</param>
internal sealed class BlockCache(Func<long, nuint> allocate, Action<nuint> free)
{
    /// <summary>Larger blocks go to the driver: they are few, and live long.</summary>
    private const long MaxBytes = 4 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Stack<nuint>> _kept = [];
    private readonly Dictionary<nuint, long> _sizes = [];

    /// <summary>Bytes that are kept and not in use.</summary>
    public long Kept
    {
        get
        {
            lock (_lock)
                return _kept.Sum(k => k.Key * k.Value.Count);
        }
    }

    public nuint Allocate(long bytes)
    {
        if (bytes > MaxBytes)
            return OrGiveUpKept(bytes);
        long size = Rounded(bytes);
        lock (_lock)
        {
            if (_kept.TryGetValue(size, out var stack) && stack.TryPop(out nuint kept))
                return kept;
        }

        nuint address = OrGiveUpKept(size);
        lock (_lock)
            _sizes[address] = size;
        return address;
    }

    public void Free(nuint address)
    {
        lock (_lock)
        {
            if (_sizes.TryGetValue(address, out long size))
            {
                if (!_kept.TryGetValue(size, out var stack))
                    _kept[size] = stack = new Stack<nuint>();
                stack.Push(address);
                return;
            }
        }

        free(address);
    }

    /// <summary>Gives what is kept back to the driver.</summary>
    public void Clear()
    {
        nuint[] all;
        lock (_lock)
        {
            all = [.. _kept.Values.SelectMany(s => s)];
            _kept.Clear();
            foreach (nuint address in all)
                _sizes.Remove(address);
        }

        foreach (nuint address in all)
            free(address);
    }

    /// <summary>Four sizes to a power of two, so that blocks of nearly one size serve each other.</summary>
    internal static long Rounded(long bytes)
    {
        long step = Math.Max(256, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes) / 8);
        return (bytes + step - 1) / step * step;
    }

    private nuint OrGiveUpKept(long bytes)
    {
        try
        {
            return allocate(bytes);
        }
        catch (DeviceMemoryException)
        {
            Clear();
            return allocate(bytes);
        }
    }
}

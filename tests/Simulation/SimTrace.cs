using System.Globalization;

namespace Sweep.Tests.Simulation;

/// <summary>What happened: the latest events in words, and a digest of all of them, which two runs of one seed have in common.</summary>
internal sealed class SimTrace(int keep)
{
    private readonly Queue<string> _latest = new();
    private ulong _digest = 14695981039346656037;

    public ulong Digest => _digest;

    /// <summary>Told of every event; null for nobody.</summary>
    public Action<string>? Listener { get; init; }

    public IReadOnlyCollection<string> Latest => _latest;

    public void Mix(ulong word) => _digest = unchecked((_digest ^ word) * 1099511628211);

    public void Add(TimeSpan at, string who, string what)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds,10:0.000} {who,-6} {what}");
        foreach (char c in line)
            Mix(c);
        Listener?.Invoke(line);
        _latest.Enqueue(line);
        if (_latest.Count > keep)
            _latest.Dequeue();
    }
}

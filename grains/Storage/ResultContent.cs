using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>A result as a store keeps it.</summary>
/// <param name="Notes">A JSON array of strings.</param>
/// <param name="Metrics">In any order, each name once.</param>
/// <param name="Curves">In any order, each name once.</param>
internal sealed record ResultContent(string Device, string Notes, IReadOnlyList<StoredMetric> Metrics, IReadOnlyList<StoredCurve> Curves)
{
    /// <summary>With the curves that have points.</summary>
    /// <exception cref="StoreException">Something in it can't be read, which no digest lets pass.</exception>
    public TrialResult ToResult() => new()
    {
        Metrics = Metrics.ToDictionary(m => m.Name, m => new MetricValue(m.Value, m.TruthLevel, m.Reason), StringComparer.Ordinal),
        Curves = Curves.Where(c => c.Points is not null).ToDictionary(c => c.Name, c => CurveCodec.Decode(c.Points!), StringComparer.Ordinal),
        Device = Device,
        Notes = StoredJson.ReadNotes(Notes),
    };
}

internal readonly record struct StoredMetric(string Name, double? Value, double? TruthLevel, string? Reason);

/// <param name="Points">Null where they weren't asked for.</param>
internal readonly record struct StoredCurve(string Name, byte[]? Points);

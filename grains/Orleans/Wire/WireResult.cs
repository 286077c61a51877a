using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans.Wire;

/// <summary>What a completed trial leaves. See <see cref="TrialResult"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.result.1")]
public sealed record WireResult
{
    [Id(0)]
    public required WireMetric[] Metrics { get; init; }

    [Id(1)]
    public required WireCurve[] Curves { get; init; }

    [Id(2)]
    public required string Device { get; init; }

    [Id(3)]
    public required string[] Notes { get; init; }

    public static WireResult Of(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new WireResult
        {
            Metrics =
            [
                .. result.Metrics.Select(m => new WireMetric
                {
                    Name = m.Key, Value = m.Value.Value, TruthLevel = m.Value.TruthLevel, Reason = m.Value.Reason,
                }),
            ],
            Curves = [.. result.Curves.Select(c => new WireCurve { Name = c.Key, Points = CurveCodec.Encode(c.Value) })],
            Device = result.Device,
            Notes = [.. result.Notes],
        };
    }

    /// <summary>As the store keeps it: curves needn't be taken apart for that.</summary>
    internal ResultContent ToContent() => new(
        Device,
        StoredJson.Write(Notes),
        [.. Metrics.Select(m => new StoredMetric(m.Name, m.Value, m.TruthLevel, m.Reason))],
        [.. Curves.Select(c => new StoredCurve(c.Name, c.Points))]);

    public TrialResult ToResult() => new()
    {
        Metrics = Metrics.ToDictionary(m => m.Name, m => new MetricValue(m.Value, m.TruthLevel, m.Reason), StringComparer.Ordinal),
        Curves = Curves.ToDictionary(c => c.Name, c => CurveCodec.Decode(c.Points), StringComparer.Ordinal),
        Device = Device,
        Notes = Notes,
    };
}

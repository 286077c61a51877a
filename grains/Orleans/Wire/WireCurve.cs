namespace Sweep.Grains.Orleans.Wire;

/// <summary>A curve: IEEE 754 binary32, little-endian, bit for bit, as the store keeps it.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.curve.1")]
public sealed record WireCurve
{
    [Id(0)]
    public required string Name { get; init; }

    [Id(1)]
    public required byte[] Points { get; init; }
}

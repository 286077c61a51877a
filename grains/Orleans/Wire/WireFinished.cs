namespace Sweep.Grains.Orleans.Wire;

/// <summary>A completed trial by its place in the spec's expansion, with as much of its result as was asked for.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.finished.1")]
public sealed record WireFinished
{
    [Id(0)]
    public required int Ordinal { get; init; }

    [Id(1)]
    public required WireResult Result { get; init; }
}

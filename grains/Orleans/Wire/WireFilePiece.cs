namespace Sweep.Grains.Orleans.Wire;

/// <summary>A piece of a data file.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.file-piece.1")]
public sealed record WireFilePiece
{
    [Id(0)]
    public required byte[] Bytes { get; init; }

    /// <summary>Of the whole file, bytes.</summary>
    [Id(1)]
    public required int Length { get; init; }
}

namespace Sweep.Grains.Comparison.Report;

/// <summary>Where the report was made and its trials ran.</summary>
public sealed record ReportEnvironment
{
    public required string SweepVersion { get; init; }

    public required string Dotnet { get; init; }

    public required string Os { get; init; }

    public required string Cpu { get; init; }

    public required int Cores { get; init; }

    /// <summary>Bits of the widest vectors in use: 512, 256, 128.</summary>
    public required int VectorWidth { get; init; }

    /// <summary>The devices that completed trials, as their results name them; <see cref="ReportBuilder"/> fills it in.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];
}

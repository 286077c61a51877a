namespace Sweep.Grains.Orleans.Wire;

/// <summary>The answer to results and a request for more.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.reported.1")]
public sealed record WireReported
{
    /// <summary>One number of <see cref="Coordination.ReportAnswer"/> per report.</summary>
    [Id(0)]
    public required int[] Answers { get; init; }

    /// <summary>As many as were asked for, or fewer: the dispatcher may have more.</summary>
    [Id(1)]
    public required WireLease[] Leases { get; init; }
}

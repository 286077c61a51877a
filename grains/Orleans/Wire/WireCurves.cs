namespace Sweep.Grains.Orleans.Wire;

/// <summary>A part of a running attempt's curves: what follows the points that the receiver has.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.curves.1")]
public sealed record WireCurves
{
    /// <summary>How many points of the training curve came before these.</summary>
    [Id(0)]
    public int From { get; init; }

    /// <summary>Training steps behind each point, ascending.</summary>
    [Id(1)]
    public int[] Steps { get; init; } = [];

    /// <summary>The mean training loss over the steps since the point before; as many as <see cref="Steps"/>.</summary>
    [Id(2)]
    public float[] Losses { get; init; } = [];

    /// <summary>How many reverse steps were scored before these.</summary>
    [Id(3)]
    public int ScoresFrom { get; init; }

    /// <summary>The log-likelihood after each reverse step, in nats.</summary>
    [Id(4)]
    public float[] Scores { get; init; } = [];
}

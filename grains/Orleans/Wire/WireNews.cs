namespace Sweep.Grains.Orleans.Wire;

/// <summary>A trial as it runs: where it is now, and what its curves have gained since <see cref="WireSeen"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.news.1")]
public sealed record WireNews
{
    /// <summary>A number of <see cref="Coordination.TrialStatus"/>.</summary>
    [Id(0)]
    public required int State { get; init; }

    /// <summary>The latest; 0 before the first. Curves are its.</summary>
    [Id(1)]
    public required int Attempt { get; init; }

    [Id(2)]
    public string? Silo { get; init; }

    [Id(3)]
    public string? Phase { get; init; }

    /// <summary>Of the attempt, 0 to 1.</summary>
    [Id(4)]
    public double? Fraction { get; init; }

    [Id(5)]
    public double? Loss { get; init; }

    /// <summary>How many points of the training curve came before these.</summary>
    [Id(6)]
    public int From { get; init; }

    /// <summary>Training steps behind each point, ascending.</summary>
    [Id(7)]
    public int[] Steps { get; init; } = [];

    /// <summary>The mean training loss over the steps since the point before.</summary>
    [Id(8)]
    public float[] Losses { get; init; } = [];

    /// <summary>The reverse step that the first of <see cref="Scores"/> is of.</summary>
    [Id(9)]
    public int ScoresFrom { get; init; }

    /// <summary>The log-likelihood after each reverse step, in nats.</summary>
    [Id(10)]
    public float[] Scores { get; init; } = [];

    /// <summary>Nothing comes after it: the attempt has ended, or none is known to run.</summary>
    [Id(11)]
    public bool IsLast { get; init; }

    /// <summary>How much has been seen by whoever has this.</summary>
    public WireSeen ToSeen() => new() { Attempt = Attempt, Points = From + Steps.Length, Scores = ScoresFrom + Scores.Length };
}

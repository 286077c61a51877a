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

    /// <summary>What <see cref="WireSeen"/> lacks of them.</summary>
    [Id(6)]
    public WireCurves Curves { get; init; } = new();

    /// <summary>Nothing comes after it: the attempt has ended, or none is known to run.</summary>
    [Id(7)]
    public bool IsLast { get; init; }

    /// <summary>How much has been seen by whoever has this.</summary>
    public WireSeen ToSeen() => new() { Attempt = Attempt, Points = Curves.From + Curves.Steps.Length, Scores = Curves.ScoresFrom + Curves.Scores.Length };
}

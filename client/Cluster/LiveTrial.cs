using Sweep.Grains.Orleans.Wire;

namespace Sweep.Client.Cluster;

/// <summary>An attempt that runs, with its curves as far as they are.</summary>
internal sealed record LiveTrial
{
    public int Attempt { get; private init; }

    public string? Phase { get; private init; }

    public double? Fraction { get; private init; }

    public double? Loss { get; private init; }

    /// <summary>Training steps behind each of <see cref="Losses"/>.</summary>
    public IReadOnlyList<int> Steps { get; private init; } = [];

    public IReadOnlyList<float> Losses { get; private init; } = [];

    /// <summary>The log-likelihood after each reverse step.</summary>
    public IReadOnlyList<float> Scores { get; private init; } = [];

    public LiveTrial With(WireNews news) => new()
    {
        Attempt = news.Attempt, Phase = news.Phase ?? Phase, Fraction = news.Fraction ?? Fraction, Loss = news.Loss ?? Loss,
        Steps = [.. Steps.Take(news.Curves.From), .. news.Curves.Steps],
        Losses = [.. Losses.Take(news.Curves.From), .. news.Curves.Losses],
        Scores = [.. Scores.Take(news.Curves.ScoresFrom), .. news.Curves.Scores],
    };
}

using Sweep.Client.Cluster;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A running attempt with its curves so far.</summary>
/// <param name="Steps">Training steps behind each of <paramref name="Losses"/>.</param>
/// <param name="LogLikelihood">After each reverse step.</param>
internal sealed record LiveView(string Trial, int Attempt, string? Phase, double? Fraction, IReadOnlyList<int> Steps, IEnumerable<double> Losses,
    IEnumerable<double> LogLikelihood)
{
    public static LiveView Of(string trialId, LiveTrial live) =>
        new(trialId, live.Attempt, live.Phase, live.Fraction, live.Steps, live.Losses.Select(l => (double)l), live.Scores.Select(s => (double)s));
}

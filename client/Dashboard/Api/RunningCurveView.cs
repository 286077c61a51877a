using Sweep.Client.Cluster;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A running attempt in a line of a list: how far it is, and the curve that grows, thinned to what such a line can show.</summary>
/// <param name="Curve"><c>loss</c> while it trains, then <c>log_likelihood</c>.</param>
/// <param name="Count">Points of the curve so far.</param>
/// <param name="Points">Some of them, evenly spread, the first and the last among them.</param>
internal sealed record RunningCurveView(string Trial, int Attempt, string? Phase, double? Fraction, string Curve, int Count, IReadOnlyList<double> Points)
{
    public const int MaxPoints = 60;

    public static RunningCurveView Of(string trialId, LiveTrial live)
    {
        bool samples = live.Scores.Count > 0;
        IReadOnlyList<float> values = samples ? live.Scores : live.Losses;
        return new RunningCurveView(trialId, live.Attempt, live.Phase, live.Fraction, samples ? "log_likelihood" : "loss", values.Count, Thin(values));
    }

    private static double[] Thin(IReadOnlyList<float> values) => values.Count <= MaxPoints
        ? [.. values]
        : [.. Enumerable.Range(0, MaxPoints).Select(i => (double)values[(int)((long)i * (values.Count - 1) / (MaxPoints - 1))])];
}

using Npgsql;

namespace Sweep.Grains.Coordination.Sql.Postgres;

/// <summary>Results as arrays: what is one row's in the table <c>results</c>, of several results one after the other.</summary>
internal sealed record PostgresResults(
    string[] Devices, string[] Notes, byte[][] Digests,
    int[] MetricCounts, string[] MetricNames, double?[] MetricValues, double?[] MetricTruthLevels, string?[] MetricReasons,
    int[] CurveCounts, string[] CurveNames, byte[][] CurvePoints)
{
    /// <param name="results">Each with its trial and the attempt that made it.</param>
    public static PostgresResults Of(IReadOnlyList<(string TrialId, long Attempt, TrialResult Result)> results)
    {
        List<ResultContent> contents = [.. results.Select(r => ResultContent.Of(r.Result))];
        List<StoredMetric> metrics = [.. contents.SelectMany(c => c.Metrics)];
        List<StoredCurve> curves = [.. contents.SelectMany(c => c.Curves)];
        return new PostgresResults(
            [.. contents.Select(c => c.Device)], [.. contents.Select(c => c.Notes)],
            [.. results.Zip(contents, (r, content) => ResultDigest.Of(r.TrialId, r.Attempt, content))],
            [.. contents.Select(c => c.Metrics.Count)], [.. metrics.Select(m => m.Name)], [.. metrics.Select(m => m.Value)],
            [.. metrics.Select(m => m.TruthLevel)], [.. metrics.Select(m => m.Reason)],
            [.. contents.Select(c => c.Curves.Count)], [.. curves.Select(c => c.Name)], [.. curves.Select(c => c.Points!)]);
    }

    /// <summary>As positional parameters, in the order of the fields.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        Add(parameters, Devices);
        Add(parameters, Notes);
        Add(parameters, Digests);
        Add(parameters, MetricCounts);
        Add(parameters, MetricNames);
        Add(parameters, MetricValues);
        Add(parameters, MetricTruthLevels);
        Add(parameters, MetricReasons);
        Add(parameters, CurveCounts);
        Add(parameters, CurveNames);
        Add(parameters, CurvePoints);
    }

    private static void Add<T>(NpgsqlParameterCollection parameters, T value) => parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}

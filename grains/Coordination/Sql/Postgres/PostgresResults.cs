using Npgsql;
using Sweep.Grains.Comparison;

namespace Sweep.Grains.Coordination.Sql.Postgres;

/// <summary>Results as arrays: what is one row's in the table <c>results</c>, of several results one after the other.</summary>
internal sealed record PostgresResults(
    string[] Devices, string[] Notes,
    int[] MetricCounts, string[] MetricNames, double?[] MetricValues, double?[] MetricFloors, string?[] MetricReasons,
    int[] CurveCounts, string[] CurveNames, byte[][] CurvePoints)
{
    public static PostgresResults Of(IReadOnlyList<TrialResult> results)
    {
        List<KeyValuePair<string, MetricValue>> metrics = [.. results.SelectMany(r => r.Metrics)];
        List<KeyValuePair<string, float[]>> curves = [.. results.SelectMany(r => r.Curves)];
        return new PostgresResults(
            [.. results.Select(r => r.Device)], [.. results.Select(r => StoredJson.Write(r.Notes))],
            [.. results.Select(r => r.Metrics.Count)], [.. metrics.Select(m => m.Key)], [.. metrics.Select(m => m.Value.Value)],
            [.. metrics.Select(m => m.Value.Floor)], [.. metrics.Select(m => m.Value.Reason)],
            [.. results.Select(r => r.Curves.Count)], [.. curves.Select(c => c.Key)], [.. curves.Select(c => CurveCodec.Encode(c.Value))]);
    }

    /// <summary>As positional parameters, in the order of the fields.</summary>
    public void AddTo(NpgsqlParameterCollection parameters)
    {
        Add(parameters, Devices);
        Add(parameters, Notes);
        Add(parameters, MetricCounts);
        Add(parameters, MetricNames);
        Add(parameters, MetricValues);
        Add(parameters, MetricFloors);
        Add(parameters, MetricReasons);
        Add(parameters, CurveCounts);
        Add(parameters, CurveNames);
        Add(parameters, CurvePoints);
    }

    private static void Add<T>(NpgsqlParameterCollection parameters, T value) => parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}

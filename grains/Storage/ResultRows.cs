using System.Data.Common;
using System.Globalization;
using Dapper;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>A stored result as it was read: one of the two.</summary>
/// <param name="Problem">What is wrong with the row; null where it is what was stored.</param>
internal readonly record struct ReadResult(TrialResult? Result, string? Problem);

/// <summary>
/// Reads results, each checked against its digest. Columns are read as whatever they hold: a row that is damaged beyond its types is one trial's trouble,
/// not the query's.
/// </summary>
internal static class ResultRows
{
    /// <summary>Of trials that have one.</summary>
    /// <param name="trials">A query for the column <c>trial</c>.</param>
    /// <param name="points">An expression for the points of a curve <c>c</c>: null for those that aren't wanted.</param>
    public static async Task<Dictionary<long, ReadResult>> ReadAsync(
        DbConnection connection, string trials, object? parameters, string points, CancellationToken cancellationToken)
    {
        Dictionary<long, Row> rows = [];
        await EachAsync(
            $"SELECT p.trial, t.id, r.attempt, r.device, r.notes, r.digest FROM ({trials}) p JOIN trials t ON t.trial = p.trial JOIN results r ON r.trial = "
                + $"p.trial",
            (trial, reader) => rows.TryAdd(trial, new Row(reader)));
        await EachAsync(
            $"SELECT p.trial, m.name, m.value, m.truth_level, m.reason FROM ({trials}) p JOIN metrics m ON m.trial = p.trial",
            (trial, reader) => rows.GetValueOrDefault(trial)?.AddMetric(reader));
        await EachAsync(
            $"SELECT p.trial, c.name, {points} FROM ({trials}) p JOIN curves c ON c.trial = p.trial",
            (trial, reader) => rows.GetValueOrDefault(trial)?.AddCurve(reader));
        return rows.ToDictionary(row => row.Key, row => row.Value.Read());

        async Task EachAsync(string sql, Action<long, DbDataReader> read)
        {
            await using DbDataReader reader = await connection.ExecuteReaderAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
            while (await reader.ReadAsync(cancellationToken))
                read(reader.GetInt64(0), reader);
        }
    }

    private static string? Text(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture);

    private static byte[]? Bytes(DbDataReader reader, int column) => reader.GetValue(column) as byte[];

    /// <summary>What comes of one result's rows.</summary>
    private sealed class Row(DbDataReader result)
    {
        private readonly string _id = result.GetString(1);
        private readonly object _attempt = result.GetValue(2);
        private readonly string _device = Text(result, 3) ?? "";
        private readonly string _notes = Text(result, 4) ?? "";
        private readonly byte[]? _digest = Bytes(result, 5);
        private readonly List<StoredMetric> _metrics = [];
        private readonly List<StoredCurve> _curves = [];
        private bool _odd;

        public void AddMetric(DbDataReader metric) =>
            _metrics.Add(new StoredMetric(Text(metric, 1) ?? "", Number(metric, 2), Number(metric, 3), Text(metric, 4)));

        public void AddCurve(DbDataReader curve)
        {
            _odd |= !curve.IsDBNull(2) && curve.GetValue(2) is not byte[];
            _curves.Add(new StoredCurve(Text(curve, 1) ?? "", Bytes(curve, 2)));
        }

        public ReadResult Read()
        {
            if (_odd || _digest is null || _attempt is not (int or long))
                return new ReadResult(null, "it has values of another type than were stored");
            var content = new ResultContent(_device, _notes, _metrics, _curves);
            if (ResultDigest.Problem(_id, Convert.ToInt64(_attempt, CultureInfo.InvariantCulture), content, _digest) is { } problem)
                return new ReadResult(null, problem);
            try
            {
                return new ReadResult(content.ToResult(), null);
            }
            catch (Exception e) when (e is StoreException or ArgumentException)
            {
                // Forged, digest and all.
                return new ReadResult(null, e.Message);
            }
        }

        private double? Number(DbDataReader reader, int column)
        {
            object value = reader.GetValue(column);
            _odd |= value is not (DBNull or double or long);
            return value switch { double number => number, long number => number, _ => null };
        }
    }
}

using System.Data;
using System.Globalization;
using System.Text;

namespace Sweep.Grains.Coordination.Sql.Sqlite;

/// <summary>Results in three tables: one row each, one per metric and one per curve.</summary>
internal static class SqliteResults
{
    public static void Store(SqlWork work, TrialRow row, TrialResult result)
    {
        work.Later(
            "INSERT INTO results (trial, attempt, device, notes) VALUES (@Trial, @Attempts, @Device, @notes)",
            new { row.Trial, row.Attempts, result.Device, notes = StoredJson.Write(result.Notes) });

        // One statement for all rows of a table.
        if (result.Metrics.Count > 0)
        {
            work.Later(Rows("metrics (trial, name, value, floor, reason)", row.Trial, result.Metrics, (i, name, metric) =>
            [
                new($"n{i}", DbType.String, name), new($"v{i}", DbType.Double, metric.Value), new($"f{i}", DbType.Double, metric.Floor),
                new($"r{i}", DbType.String, metric.Reason),
            ]));
        }

        if (result.Curves.Count > 0)
        {
            work.Later(Rows("curves (trial, name, points)", row.Trial, result.Curves, (i, name, curve) =>
                [new($"n{i}", DbType.String, name), new($"p{i}", DbType.Binary, CurveCodec.Encode(curve))]));
        }
    }

    private static SqlStatement Rows<T>(string into, long trial, IReadOnlyDictionary<string, T> rows, Func<int, string, T, SqlValue[]> values)
    {
        StringBuilder sql = new($"INSERT INTO {into} VALUES ");
        List<SqlValue> all = [new("t", DbType.Int64, trial)];
        int i = 0;
        foreach ((string name, T row) in rows)
        {
            SqlValue[] own = values(i, name, row);
            sql.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}(@t, {string.Join(", ", own.Select(v => $"@{v.Name}"))})");
            all.AddRange(own);
            i++;
        }

        return new SqlStatement(sql.ToString(), all);
    }
}

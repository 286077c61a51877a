using System.Data;
using System.Globalization;
using System.Text;

namespace Sweep.Grains.Storage.Sqlite;

/// <summary>Results in three tables: one row each, one per metric and one per curve.</summary>
internal static class SqliteResults
{
    public static void Store(SqlWork work, long trial, int attempt, string trialId, ResultContent content)
    {
        work.Later(
            "INSERT INTO results (trial, attempt, device, notes, digest) VALUES (@trial, @attempt, @Device, @Notes, @digest)",
            new { trial, attempt, content.Device, content.Notes, digest = ResultDigest.Of(trialId, attempt, content) });

        // One statement for all rows of a table.
        if (content.Metrics.Count > 0)
        {
            work.Later(Rows("metrics (trial, name, value, truth_level, reason)", trial, content.Metrics, (i, metric) =>
            [
                new($"n{i}", DbType.String, metric.Name), new($"v{i}", DbType.Double, metric.Value), new($"f{i}", DbType.Double, metric.TruthLevel),
                new($"r{i}", DbType.String, metric.Reason),
            ]));
        }

        if (content.Curves.Count > 0)
        {
            work.Later(Rows("curves (trial, name, points)", trial, content.Curves, (i, curve) =>
                [new($"n{i}", DbType.String, curve.Name), new($"p{i}", DbType.Binary, curve.Points)]));
        }
    }

    public static readonly string[] Tables = ["metrics", "curves", "results"];

    public static async Task DropAsync(SqlWork work, long trial)
    {
        foreach (string table in Tables)
            await work.ExecuteAsync($"DELETE FROM {table} WHERE trial = @trial", new { trial });
    }

    private static SqlStatement Rows<T>(string into, long trial, IReadOnlyList<T> rows, Func<int, T, SqlValue[]> values)
    {
        StringBuilder sql = new($"INSERT INTO {into} VALUES ");
        List<SqlValue> all = [new("t", DbType.Int64, trial)];
        for (int i = 0; i < rows.Count; i++)
        {
            SqlValue[] own = values(i, rows[i]);
            sql.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}(@t, {string.Join(", ", own.Select(v => $"@{v.Name}"))})");
            all.AddRange(own);
        }

        return new SqlStatement(sql.ToString(), all);
    }
}

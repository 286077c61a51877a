using Npgsql;
using NpgsqlTypes;

namespace Sweep.Grains.Coordination.Sql.Postgres;

/// <summary>
/// The quick way: one call of the function <c>report_and_lease</c>, one round trip, one transaction. It does what <see cref="Reports"/> and <see cref="Leasing"/> do as
/// long as nothing is unusual, and nothing at all otherwise; the conformance suite runs through it.
/// </summary>
internal static class PostgresQuick
{
    private const string Call = "SELECT * FROM report_and_lease($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)";

    public static async Task<QuickAnswer> CallAsync(
        NpgsqlConnection connection, IReadOnlyList<FinishedTrial> finished, LeaseRequest? next, CoordinatorOptions options, CancellationToken cancellationToken)
    {
        // Rows are locked in one order.
        int[] order = [.. Enumerable.Range(0, finished.Count)
            .OrderBy(i => finished[i].Lease.SweepId, StringComparer.Ordinal).ThenBy(i => finished[i].Lease.Trial.Id, StringComparer.Ordinal)];
        await using NpgsqlCommand command = new(Call, connection);
        AddReports(command.Parameters, [.. order.Select(i => finished[i])]);
        AddRequest(command.Parameters, next, options);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        bool[] decided = reader.GetFieldValue<bool[]>(0);
        bool[] accepted = new bool[finished.Count];
        for (int i = 0; i < order.Length; i++)
            accepted[order[i]] = decided[i];
        return new QuickAnswer(accepted, Leases(reader));
    }

    private static void AddReports(NpgsqlParameterCollection parameters, FinishedTrial[] finished)
    {
        PostgresResults results = PostgresResults.Of([.. finished.Select(f => (f.Lease.Trial.Id, f.Lease.FencingToken, f.Result))]);
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. finished.Select(f => f.Lease.SweepId)] });
        parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. finished.Select(f => f.Lease.Trial.Id)] });
        parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. finished.Select(f => f.Lease.FencingToken is >= 0 and <= int.MaxValue and var token ? (int)token : 0)] });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = finished.Length > 0 ? finished[0].Lease.Holder : 0 });
        results.AddTo(parameters);
    }

    private static void AddRequest(NpgsqlParameterCollection parameters, LeaseRequest? next, CoordinatorOptions options)
    {
        parameters.Add(Text(next?.Silo));
        parameters.Add(new NpgsqlParameter<int> { TypedValue = next?.Most ?? 0 });
        parameters.Add(Text(next?.SweepId));
        parameters.Add(Text(next?.About?.Artifacts));
        parameters.Add(Text(next?.About?.Devices));
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)next?.About?.Slots ?? DBNull.Value });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = (int)(next?.About?.Offers ?? Abilities.None) });
        parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)options.LeaseDuration.TotalMilliseconds });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = options.SuspectAfterLosses });
    }

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private static Lease[] Leases(NpgsqlDataReader reader)
    {
        if (reader.IsDBNull(1))
            return [];
        string[] sweeps = reader.GetFieldValue<string[]>(1);
        string[] specs = reader.GetFieldValue<string[]>(2);
        int[] attempts = reader.GetFieldValue<int[]>(3);
        int[] memory = reader.GetFieldValue<int[]>(4);
        long silo = reader.GetInt64(5);
        DateTimeOffset expires = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(6));
        Lease[] leases = new Lease[sweeps.Length];
        for (int i = 0; i < leases.Length; i++)
        {
            leases[i] = new Lease
            {
                SweepId = sweeps[i],
                Trial = StoredJson.ReadTrial(specs[i]),
                Attempt = attempts[i],
                FencingToken = attempts[i],
                Holder = silo,
                Expires = expires,
                OutOfMemoryAttempts = memory[i],
            };
        }

        return leases;
    }
}

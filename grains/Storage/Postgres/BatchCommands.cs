using Npgsql;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>Statements with parameters by place, which cost no reading of the text.</summary>
internal static class BatchCommands
{
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach (NpgsqlParameter value in values)
            command.Parameters.Add(value);
        batch.BatchCommands.Add(command);
    }

    public static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    public static NpgsqlParameter<TValue[]> Each<TItem, TValue>(IEnumerable<TItem> items, Func<TItem, TValue> value) =>
        new() { TypedValue = [.. items.Select(value)] };
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>The query for one page of trials: their keys and, as <c>place</c>, their order.</summary>
internal static class TrialPage
{
    public static (string Sql, DynamicParameters Parameters) Of(SqlStore store, long sweep, TrialQuery query)
    {
        DynamicParameters parameters = new();
        parameters.Add("sweep", sweep);
        if (query.Ordinals is { } ordinals)
        {
            parameters.Add("ordinals", ordinals.ToArray());
            string among = ordinals.Count > 0 ? store.Among("ordinal", "@ordinals") : "false";
            return ($"SELECT trial, ordinal AS place FROM trials WHERE sweep = @sweep AND {among}", parameters);
        }

        parameters.Add("skip", query.Skip);
        parameters.Add("take", query.Take);
        if (query is { State: null, IdPrefix: null, SortBy: null, Descending: false } && query.Where.Count + query.Places.Count == 0)
        {
            // Ordinals have no gaps, so an unfiltered page is a range; a filtered one is walked to.
            parameters.Add("end", (long)query.Skip + query.Take);
            return ("SELECT trial, ordinal AS place FROM trials WHERE sweep = @sweep AND ordinal >= @skip AND ordinal < @end", parameters);
        }

        string from = "trials t";
        string where = Condition(store, query, parameters);
        string direction = query.Descending ? "DESC" : "ASC";
        string order = query.SortBy switch
        {
            null => $"t.ordinal {direction}",
            "cost" => $"t.cost {direction}, t.ordinal",
            "attempts" => $"t.attempts {direction}, t.ordinal",
            _ => $"t.sorted IS NULL, t.sorted {direction}, t.ordinal",
        };
        if (query.SortBy is not (null or "cost" or "attempts"))
        {
            (string value, string stored) = store.ValueOf(query.SortBy, "@sort");
            // The limit keeps planners from looking the metric up again for each place it is named in.
            from = $"(SELECT t.trial, t.ordinal, {value} AS sorted FROM trials t WHERE {where} LIMIT {int.MaxValue}) t";
            where = "true";
            parameters.Add("sort", stored);
        }

        return (
            $"SELECT t.trial, ROW_NUMBER() OVER (ORDER BY {order}) AS place FROM {from} WHERE {where} ORDER BY {order} LIMIT @take OFFSET @skip", parameters);
    }

    /// <summary>The query for how many trials there are, whatever the page.</summary>
    public static (string Sql, DynamicParameters Parameters) CountOf(SqlStore store, long sweep, TrialQuery query)
    {
        DynamicParameters parameters = new();
        parameters.Add("sweep", sweep);
        return ($"SELECT COUNT(*) FROM trials t WHERE {Condition(store, query, parameters)}", parameters);
    }

    private static string Condition(SqlStore store, TrialQuery query, DynamicParameters parameters)
    {
        StringBuilder where = new("t.sweep = @sweep");
        if (query.State is { } state)
        {
            where.Append(" AND t.state = @state");
            parameters.Add("state", (int)state);
        }

        int i = 0;
        foreach ((string axis, JsonNode value) in query.Where)
        {
            bool seed = axis == "seed";
            parameters.Add($"axis{i}", axis);
            parameters.Add($"value{i}", value.ToJsonString());
            where.Append(CultureInfo.InvariantCulture, $" AND {store.SpecHas(seed ? null : $"@axis{i}", $"@value{i}")}");
            i++;
        }

        // Numbers of ours, never text from outside.
        foreach (OrdinalDigit place in query.Places)
            where.Append(CultureInfo.InvariantCulture, $" AND {place.Sql}");
        if (query.IdPrefix is { } prefix)
        {
            // Ids are ASCII, so a prefix is a range of the index.
            where.Append(" AND t.id >= @prefix AND t.id < @prefixEnd");
            parameters.Add("prefix", prefix);
            parameters.Add("prefixEnd", prefix + "\uffff");
        }

        return where.ToString();
    }
}

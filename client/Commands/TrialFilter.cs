using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sweep.Client.Terminal;
using Sweep.Diffusion.Text;
using Sweep.Grains.Specs;

namespace Sweep.Client.Commands;

/// <summary>Resolves <c>--where</c> and <c>--sort</c> for a sweep.</summary>
internal static class TrialFilter
{
    /// <summary>Axis values in the trials' form.</summary>
    /// <exception cref="UsageException">Not <c>AXIS=VALUE</c>, or no such axis or value.</exception>
    public static IReadOnlyDictionary<string, JsonNode> Read(SweepSpec spec, IReadOnlyList<string> given)
    {
        Dictionary<string, JsonNode> where = new(StringComparer.Ordinal);
        foreach (string pair in given)
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                throw new UsageException($"--where: {Words.Clean(pair)}; allowed: AXIS=VALUE, such as width=16");
            string axis = pair[..at];
            where[axis] = Value(spec, axis, pair[(at + 1)..]);
        }

        return where;
    }

    /// <exception cref="UsageException">No such metric.</exception>
    public static string? Sort(string? given) => given is null or "cost" or "attempts" || given.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.')
        ? given
        : throw new UsageException($"--sort: {Words.Clean(given)}; allowed: cost, attempts or a metric, such as log_likelihood");

    private static JsonNode Value(SweepSpec spec, string axis, string text)
    {
        if (axis == "seed")
        {
            return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long seed) && spec.Seeds.Contains(seed)
                ? JsonValue.Create(seed)
                : throw new UsageException($"--where: seed={Words.Clean(text)}; allowed: {string.Join(", ", spec.Seeds)}");
        }

        SweepAxis found = spec.Axes.FirstOrDefault(a => a.Name == axis)
            ?? throw new UsageException($"--where: no axis: {Words.Clean(axis)}; allowed: {string.Join(", ", spec.Axes.Select(a => a.Name).Append("seed"))}");
        return found.Values.FirstOrDefault(v => Fits(v, text))
            ?? throw new UsageException($"--where: {axis}={Words.Clean(text)}; allowed: {Words.Clean(string.Join(", ", found.Values.Select(Show)))}");
    }

    private static bool Fits(JsonNode value, string text) =>
        Nfc.Same(Show(value), text)
        || (value.GetValueKind() == JsonValueKind.Number
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double own) && number == own);

    private static string Show(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}

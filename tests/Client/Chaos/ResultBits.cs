using System.Globalization;
using System.Runtime.InteropServices;
using Sweep.Grains.Coordination;

namespace Sweep.Tests.Client.Chaos;

/// <summary>Results as text in which every bit shows, without what varies from run to run: wall-clock metrics.</summary>
internal static class ResultBits
{
    /// <summary>By trial id: a trial that is the same in another sweep has the same.</summary>
    public static async Task<SortedDictionary<string, string>> OfAsync(ISweepReader reader, string sweep)
    {
        SweepSummary found = await reader.FindAsync(sweep, CancellationToken.None) ?? throw new InvalidOperationException($"no sweep {sweep}");
        SortedDictionary<string, string> all = new(StringComparer.Ordinal);
        await foreach (CompletedTrial completed in reader.CompletedAsync(found.Id, null, CancellationToken.None))
            all.Add(completed.Trial.Id, Of(completed.Result));
        return all;
    }

    private static string Of(TrialResult result)
    {
        IEnumerable<string> metrics = result.Metrics.Where(m => !m.Key.EndsWith("_seconds", StringComparison.Ordinal))
            .OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key} {Bits(m.Value)}");
        IEnumerable<string> curves = result.Curves.OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => $"{c.Key} {Convert.ToHexString(MemoryMarshal.AsBytes(c.Value.AsSpan()))}");
        return string.Join('\n', [.. metrics, .. curves, .. result.Notes]);
    }

    private static string Bits(MetricValue metric) => $"{Bits(metric.Value)} {Bits(metric.TruthLevel)} {metric.Reason}";

    private static string Bits(double? value) =>
        value is { } x ? string.Create(CultureInfo.InvariantCulture, $"{x:R} {BitConverter.DoubleToInt64Bits(x):x}") : "none";
}

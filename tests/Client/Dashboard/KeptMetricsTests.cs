using Sweep.Client.Dashboard.Live;
using Sweep.Grains.Coordination;
using Xunit;

namespace Sweep.Tests.Client.Dashboard;

public sealed class KeptMetricsTests
{
    private static readonly Dictionary<string, MetricValue> Metrics = new(StringComparer.Ordinal) { ["b"] = new(1, 2), ["a"] = new(null, null, "never") };

    [Fact]
    public void Of_WhenRead_IsTheDictionaryItWasMadeFrom()
    {
        KeptMetrics kept = KeptMetrics.Of(Metrics, []);
        Assert.Equal(Metrics, kept);
        Assert.Equal((2, true, false), (kept.Count, kept.ContainsKey("a"), kept.ContainsKey("c")));
        Assert.Equal("never", kept["a"].Reason);
        Assert.False(kept.TryGetValue("c", out MetricValue? none));
        Assert.Null(none);
        Assert.Throws<KeyNotFoundException>(() => kept["c"]);
    }

    [Fact]
    public void Of_WhenNamesAreKnown_SharesThem()
    {
        List<string[]> known = [];
        KeptMetrics first = KeptMetrics.Of(Metrics, known),
            second = KeptMetrics.Of(Metrics.ToDictionary(m => string.Concat(m.Key), m => m.Value, StringComparer.Ordinal), known);
        Assert.Same(first.Keys, second.Keys);
        KeptMetrics.Of(new Dictionary<string, MetricValue>(StringComparer.Ordinal) { ["b"] = new(1) }, known);
        Assert.Equal(2, known.Count);
    }
}

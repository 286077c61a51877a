using System.Text.Json.Nodes;
using Sweep.Tests.Client;
using Sweep.Tests.Silo.Telemetry;
using Xunit;

namespace Sweep.Tests.Infra;

/// <summary>What Prometheus' own tool says of <c>infra/prometheus</c>.</summary>
public sealed class PrometheusFilesTests
{
    private static readonly string Folder = Path.Combine(SweepProcess.RepositoryRoot, "infra", "prometheus");

    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task File_WhenCheckedByPromtool_IsRight(string verb, string what, string file)
    {
        SkipWithout();
        Assert.Equal((0, ""), await Promtool.RunAsync(null, verb, what, Path.Combine(Folder, file)));
    }

    [Fact]
    public async Task GrafanaDashboard_WhenItsExpressionsAreChecked_AsksForMetricsThatThereAre()
    {
        SkipWithout();
        JsonNode dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "dashboard.json"), TestContext.Current.CancellationToken))!;
        string[] expressions = [.. Strings(dashboard, "expr")];
        Assert.InRange(expressions.Length, 10, 100);

        // Grafana puts its variables in before Prometheus sees them.
        using Scratch scratch = new();
        string rules = "groups:\n- name: g\n  rules:\n" + string.Concat(expressions.Select((e, i) =>
        {
            string text = e.Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace("$__range", "1h", StringComparison.Ordinal);
            return $"  - {{record: 'r{i}', expr: {JsonValue.Create(text).ToJsonString()}}}\n";
        }));
        Assert.Equal((0, ""), await Promtool.RunAsync(null, "check", "rules", scratch.Write("rules.yml", rules)));
    }

    private static void SkipWithout()
    {
        if (Promtool.Missing is { } missing)
            Assert.Skip(missing);
    }

    private static IEnumerable<string> Strings(JsonNode? node, string name) => node switch
    {
        JsonObject o => o.SelectMany(p => p.Key == name && p.Value is JsonValue value ? [value.GetValue<string>()] : Strings(p.Value, name)),
        JsonArray a => a.SelectMany(n => Strings(n, name)),
        _ => [],
    };
}

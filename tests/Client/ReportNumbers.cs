using System.Text.Json.Nodes;

namespace Sweep.Tests.Client;

/// <summary>report.json without what may vary from run to run: when it was made, the machine, and wall-clock metrics.</summary>
internal static class ReportNumbers
{
    /// <summary>
    /// Its groups, and each comparison's difference and uncorrected p-value: what the trials gave, whenever they were added. What is made of that also tells of
    /// the looks in between.
    /// </summary>
    public static string Groups(string runDirectory)
    {
        JsonNode report = JsonNode.Parse(Of(runDirectory))!;
        return string.Join('\n', report["comparisons"]!.AsArray().Select(c => $"{c!["difference"]!.ToJsonString()} {c["p_value"]?.ToJsonString()}")
            .Prepend(report["groups"]!.ToJsonString()));
    }

    /// <param name="pictures">Whether samples are compared too: only a report that is made where the trials' artifacts are has them.</param>
    public static string Of(string runDirectory, bool pictures = true)
    {
        JsonObject report = JsonNode.Parse(File.ReadAllText(Path.Combine(runDirectory, "report", "report.json")))!.AsObject();
        report.Remove("generated");
        report.Remove("environment");
        if (!pictures)
        {
            report.Remove("scatters");
            report.Remove("fields");
        }

        foreach (JsonNode? best in report["answer"]!["best"]!.AsArray())
            best!.AsObject().Remove("trial_seconds");
        foreach (JsonNode? group in report["groups"]!.AsArray())
        {
            JsonObject metrics = group!["metrics"]!.AsObject();
            foreach (string timing in metrics.Select(m => m.Key).Where(k => k.EndsWith("_seconds", StringComparison.Ordinal)).ToArray())
                metrics.Remove(timing);
        }

        return report.ToJsonString();
    }
}

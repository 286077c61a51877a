using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Live;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Selected groups in report form, with their curves, for sweeps whose report is too large for a page.</summary>
internal sealed class GroupsApi(StoreView store, LiveReports reports, AnswerCache cache, TimeProvider time)
{
    private const int MaxGroups = 64, MaxTrials = 1000;

    public async Task GetAsync(HttpContext context)
    {
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), context.RequestAborted);
        SweepShape shape = await store.ShapeAsync(sweep.Id, context.RequestAborted);
        (OrdinalDigit[] places, string text) = TrialsApi.Places(context.Request.Query, shape);
        Answer answer = await cache.GetAsync($"groups {sweep.Id} {text}", $"{sweep.Completed}", () => MakeAsync(sweep, shape, places), context.RequestAborted);
        await answer.WriteAsync(context);
    }

    private async Task<byte[]> MakeAsync(SweepSummary sweep, SweepShape shape, OrdinalDigit[] places)
    {
        IReadOnlyList<int> completed = await store.Statistics.CompletedOrdinalsAsync(sweep.Id, CancellationToken.None);
        int[][] groups = [.. completed.Where(o => o < shape.Spec.ComparedCount && places.All(p => p.Of(o) == p.Value))
            .GroupBy(o => o / shape.GroupSize).Select(g => g.ToArray())];
        List<int> chosen = [];
        int shown = 0;
        foreach (int[] group in groups)
        {
            if (shown == MaxGroups || chosen.Count + group.Length > MaxTrials && shown > 0)
                break;
            chosen.AddRange(group.Take(MaxTrials));
            shown++;
        }

        HashSet<int> wanted = [.. chosen];
        IReadOnlyDictionary<int, TrialResult> results = await store.Statistics.ResultsAsync(sweep.Id, chosen, null, CancellationToken.None);
        IEnumerable<TrialSpec> all = reports.Trials(sweep.Id) ?? TrialExpansion.Expand(shape.Spec);
        CompletedTrial[] trials = [.. all.Select((trial, ordinal) => (trial, ordinal))
            .Where(t => wanted.Contains(t.ordinal) && results.ContainsKey(t.ordinal)).Select(t => new CompletedTrial(t.trial, results[t.ordinal]))];
        var input = new ReportInput
        {
            Spec = shape.Spec, Completed = trials, Environment = MachineDescription.Environment(), Generated = time.GetUtcNow(),
            Looks = shape.Spec.Race is null ? [] : await store.Reader.LooksAsync(sweep.Id, CancellationToken.None),
        };
        JsonNode sections = JsonNode.Parse(ReportJson.Serialize(ReportBuilder.Build(input)))!["groups"]!;
        return DashboardJson.Bytes(new { groups = sections, total = groups.Length, sampled = shown < groups.Length || groups.Any(g => g.Length > MaxTrials) });
    }
}

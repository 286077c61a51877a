using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sweep.Client.Dashboard.Live;
using Sweep.Client.Report;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Pages of trials, single trials and their artifacts.</summary>
internal sealed class TrialsApi(StoreView store, MetricOrders orders)
{
    private const int MaxPageSize = 500, DefaultPageSize = 100;

    public async Task PageAsync(HttpContext context)
    {
        CancellationToken cancel = context.RequestAborted;
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), cancel);
        SweepShape shape = await store.ShapeAsync(sweep.Id, cancel);
        TrialQuery query = Read(context.Request.Query, shape);

        // Only completed trials have metrics: others stay in spec order.
        if (query is { State: not (null or TrialStatus.Completed), SortBy: not (null or "cost" or "attempts") })
            query = query with { SortBy = null, Descending = false };
        bool all = query is { State: null, IdPrefix: null, Places.Count: 0 };
        int total = all ? sweep.Total : await store.Statistics.CountAsync(sweep.Id, query, cancel);
        IReadOnlyList<TrialSummary> trials = query.Skip >= total ? []
            : MetricOrders.Fits(sweep, query) ? await orders.PageAsync(sweep, query, cancel)
            : await store.Reader.TrialsAsync(sweep.Id, query, cancel);
        await DashboardJson.WriteAsync(context, new { total, trials = trials.Select(TrialView.Of) });
    }

    public async Task DetailAsync(HttpContext context)
    {
        CancellationToken cancel = context.RequestAborted;
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), cancel);
        TrialDetail detail = await FindAsync(sweep, (string)context.Request.RouteValues["trial"]!, cancel);
        SweepShape shape = await store.ShapeAsync(sweep.Id, cancel);
        TrialSpec trial = detail.Summary.Trial;
        await using FileStream? samples = TrialFiles.OpenSamples(store.RunOf(sweep.Id), trial.Id);
        await DashboardJson.WriteAsync(context, new
        {
            trial.Id,
            axes = TrialView.Labels(trial.Axes),
            trial.Seed,
            state = TrialView.StateOf(detail.Summary.State),
            detail.Summary.Phase,
            detail.Summary.Fraction,
            detail.Summary.Message,
            spec = JsonNode.Parse(TrialSpecJson.Write(trial)),
            command = TrialCommand.Of(trial, TrialSpecFile.Of(shape.Spec, trial)),
            device = detail.Result?.Device,
            attempts = detail.Attempts.Select(a => new
            {
                number = a.Attempt,
                outcome = SweepsApi.CauseWord(a.Outcome),
                a.Silo,
                a.Started,
                a.Ended,
                a.Message,
                phase = a.Outcome == AttemptOutcome.Running ? detail.Summary.Phase : null,
                a.Charged,
            }),
            metrics = detail.Result?.Metrics ?? new Dictionary<string, MetricValue>(StringComparer.Ordinal),
            curves = Curves(detail),
            pictures = SamplePictures.Of(trial, samples),
            scatter = SampleScatters.Of(trial, samples),
            log = TrialLog.Of(detail),
            artifacts = TrialFiles.Of(store.RunOf(sweep.Id), sweep.Id, trial.Id),
            artifacts_where = Where(detail),
        });
    }

    public async Task ArtifactAsync(HttpContext context)
    {
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), context.RequestAborted);
        TrialDetail detail = await FindAsync(sweep, (string)context.Request.RouteValues["trial"]!, context.RequestAborted);
        string name = (string)context.Request.RouteValues["name"]!;
        await using FileStream? file = TrialFiles.Open(store.RunOf(sweep.Id), detail.Summary.Trial.Id, name)
            ?? throw new ApiException(StatusCodes.Status404NotFound,
                $"no such artifact: {Words.Clean(name)}; allowed: one that GET /api/sweeps/ID/trials/TRIAL lists");
        HttpResponse response = context.Response;
        response.ContentType = "application/octet-stream";
        response.ContentLength = file.Length;

        // File names may contain characters that are invalid in a header.
        var download = new ContentDispositionHeaderValue("attachment");
        download.SetHttpFileName($"{detail.Summary.Trial.Id}-{Path.GetFileName(file.Name)}");
        response.Headers.ContentDisposition = download.ToString();
        await file.CopyToAsync(response.Body, context.RequestAborted);
    }

    /// <summary>Parses <c>where.AXIS=LABEL</c> filters; also returns them in canonical form.</summary>
    public static (OrdinalDigit[] Places, string Text) Places(IQueryCollection given, SweepShape shape)
    {
        OrdinalDigit[] places =
        [
            .. given.Where(p => p.Key.StartsWith("where.", StringComparison.Ordinal)).Select(p => shape.Place(p.Key["where.".Length..], p.Value.ToString()))
                .Distinct().OrderBy(p => p.Divisor),
        ];
        return (places, string.Join(' ', places.Select(p => $"{p.Divisor}:{p.Value}")));
    }

    private async Task<TrialDetail> FindAsync(SweepSummary sweep, string asked, CancellationToken cancellationToken)
    {
        try
        {
            return await store.Reader.TrialAsync(sweep.Id, asked, cancellationToken)
                ?? throw StoreView.NoTrial(asked);
        }
        catch (ArgumentException e)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, Words.Clean(e.Message));
        }
    }

    private static TrialQuery Read(IQueryCollection given, SweepShape shape) => new()
    {
        State = State(given["state"].ToString()),
        Places = Places(given, shape).Places,
        IdPrefix = given["q"].ToString() is { Length: > 0 } prefix ? Prefix(prefix) : null,
        SortBy = Sort(given["sort"].ToString()),
        Descending = given["desc"].ToString() is "true" or "1",
        Skip = Number(given, "skip", 0, int.MaxValue),
        Take = Number(given, "take", DefaultPageSize, MaxPageSize),
    };

    private static TrialStatus? State(string given) => given.Length == 0 ? null
        : Enum.TryParse(given, ignoreCase: true, out TrialStatus state) && Enum.IsDefined(state) && !char.IsAsciiDigit(given[0]) ? state
        : throw Bad("state", given, string.Join(", ", Enum.GetNames<TrialStatus>().Select(n => n.ToLowerInvariant())));

    private static string Prefix(string given) => given.Length <= 64 && given.All(char.IsAsciiLetterOrDigit) ? given.ToLowerInvariant()
        : throw Bad("q", given, "a prefix of a trial's id");

    private static string? Sort(string given) => given.Length == 0 || given == "ordinal" ? null
        : given.Length <= 100 && given.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '@' or '-') ? given
        : throw Bad("sort", given, "cost, attempts or a metric, such as log_likelihood");

    public static int Number(IQueryCollection given, string name, int otherwise, int most) => given[name].ToString() is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= most ? number
        : throw Bad(name, text, $"0 to {most}");

    public static ApiException Bad(string what, string given, string allowed) =>
        new(StatusCodes.Status400BadRequest, $"{what}: {Words.Clean(given)}; allowed: {allowed}");

    private static Dictionary<string, object> Curves(TrialDetail detail)
    {
        Dictionary<string, object> curves = new(StringComparer.Ordinal);
        foreach ((string name, float[] values) in detail.Result?.Curves ?? new Dictionary<string, float[]>(StringComparer.Ordinal))
        {
            // A damaged curve has no places; the trial's page shows the others.
            if (CurveAxis.TryOf(name, detail.Summary.Trial, values.Length, out _) is not { } axis)
                continue;
            curves[name] = new { x_kind = axis.Kind, x_label = axis.Label, axis.Unit, x = axis.X, y = values.Select(v => (double)v) };
        }

        return curves;
    }

    /// <summary>The folder on its silo's machine; null if the store doesn't know it.</summary>
    private static string? Where(TrialDetail detail)
    {
        AttemptRecord? last = detail.Attempts.LastOrDefault(a => a.Outcome == AttemptOutcome.Completed)
            ?? (detail.Attempts.Count > 0 ? detail.Attempts[^1] : null);
        return last?.Artifacts is { } folder ? $"{folder}/{detail.Summary.Trial.Id}" : null;
    }
}

using Microsoft.AspNetCore.Http;
using Sweep.Client.Dashboard.Access;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>Operations that change state: operators only.</summary>
internal sealed class ActionsApi(StoreView store, bool embedded)
{
    private const int MaxTrials = 5000, MaxRequests = 200;

    public Task PauseAsync(HttpContext context) => ActAsync(
        context, sweep => OperatorRequest.Pause(sweep.Id), (_, _) => "paused: no new leases; running trials are checkpointed and released");

    public Task ResumeAsync(HttpContext context) => ActAsync(context, sweep => OperatorRequest.Resume(sweep.Id), (_, _) => "resumed");

    public async Task CancelAsync(HttpContext context)
    {
        string[]? trials = await TrialsAsync(context);
        await ActAsync(context, sweep => OperatorRequest.Cancel(sweep.Id, trials), (sweep, count) => trials is null
            ? $"cancelled: {sweep.Completed} of {sweep.Total} trials were completed and stay"
            : $"{Trials(count)} cancelled", trials);
    }

    public async Task RetryAsync(HttpContext context)
    {
        string[]? trials = await TrialsAsync(context);
        await ActAsync(context, sweep => OperatorRequest.Retry(sweep.Id, trials), (sweep, queued) =>
            $"{Trials(queued)} queued again{(embedded || store.RunOf(sweep.Id) is null ? "" : "; run them with: sweep run SPEC")}", trials);
    }

    public async Task NoteAsync(HttpContext context)
    {
        Gate.RequireOperator(context, CallerOf(context));
        NoteRequest asked = await DashboardJson.ReadAsync<NoteRequest>(context);
        SweepNote note = SweepNote.Of(asked.Text, asked.Tags);
        await ActAsync(context, sweep => OperatorRequest.Annotate(sweep.Id, note), (_, _) => note.IsEmpty ? "the note is removed" : "noted");
    }

    public async Task UnquarantineAsync(HttpContext context)
    {
        Gate.RequireOperator(context, CallerOf(context));

        // ASP.NET Core decodes route values except for encoded slashes.
        string silo = ((string)context.Request.RouteValues["silo"]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (!(await store.Reader.SilosAsync(context.RequestAborted)).Any(s => s.Id == silo && s.Quarantined is not null))
            throw new ApiException(StatusCodes.Status409Conflict,
                $"not quarantined: {Words.Clean(silo)}; allowed: a silo that is quarantined according to GET /api/silos");
        await AskAsync(context, OperatorRequest.Unquarantine(silo), _ => $"{silo} gets trials again");
    }

    /// <summary>The log of what was asked.</summary>
    public async Task RequestsAsync(HttpContext context)
    {
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), context.RequestAborted);
        IReadOnlyList<RequestRecord> requests = await store.Reader.RequestsAsync(sweep.Id, MaxRequests, context.RequestAborted);
        await DashboardJson.WriteAsync(context, new { requests = requests.Select(RequestView.Of) });
    }

    public static Caller CallerOf(HttpContext context) => (Caller)context.Items[typeof(Caller)]!;

    /// <param name="trials">Those that it names.</param>
    private async Task ActAsync(
        HttpContext context, Func<SweepSummary, OperatorRequest> ask, Func<SweepSummary, int, string> done, string[]? trials = null)
    {
        Gate.RequireOperator(context, CallerOf(context));
        SweepSummary sweep = await store.FindAsync(SweepsApi.Id(context), context.RequestAborted);
        await store.RequireTrialsAsync(sweep.Id, trials ?? [], context.RequestAborted);
        await AskAsync(context, ask(sweep), count => done(sweep, count));
    }

    /// <summary>Asks, and answers what became of it: 202 where it waits for a silo.</summary>
    private async Task AskAsync(HttpContext context, OperatorRequest request, Func<int, string> done)
    {
        RequestRecord record = await store.Operations.RequestAsync(request, RequestWords.Patience, context.RequestAborted);
        await DashboardJson.WriteAsync(
            context, new { done = RequestWords.NotDone(record) ?? done(record.Count) }, record.Done is null ? StatusCodes.Status202Accepted
                : StatusCodes.Status200OK);
    }

    /// <summary>Those in the body; null for all.</summary>
    private static async Task<string[]?> TrialsAsync(HttpContext context)
    {
        Gate.RequireOperator(context, CallerOf(context));
        string[]? trials = (await DashboardJson.ReadAsync<TrialsRequest>(context)).Trials;
        return trials switch
        {
            { Length: > MaxTrials } =>
                throw new ApiException(StatusCodes.Status400BadRequest, $"trials: {trials.Length}; allowed: at most {MaxTrials}, or none for all"),
            { Length: > 0 } => trials,
            _ => null,
        };
    }

    private static string Trials(int count) => $"{count} {(count == 1 ? "trial" : "trials")}";
}

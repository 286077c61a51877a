using System.CommandLine;
using System.Globalization;
using Sweep.Client.Dashboard.Api;
using Sweep.Client.Running;
using Sweep.Client.Terminal;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Specs.Yaml;
using Sweep.Silo;

namespace Sweep.Client.Commands;

/// <summary><c>sweep show TRIAL</c>: one trial with its attempts, metrics, spec and artifacts.</summary>
internal static class ShowCommand
{
    /// <summary>Of the whole sweep, that are looked through.</summary>
    private const int MaxRequests = 200;

    public static Command Create(CommandContext context)
    {
        var trial = new Argument<string>("trial") { Description = "a trial's id, or a unique prefix", HelpName = "TRIAL" };
        var place = new StoreArguments();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("show", "show one trial: metrics, attempts, resolved spec, artifacts") { trial, json };
        place.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            string asked = parsed.GetValue(trial)!;
            await using OpenSweep open = await place.OpenAsync(parsed, context, cancel);
            (RunStore store, RunDirectory run, SweepSummary sweep) = open;
            TrialDetail detail = await FindAsync(store, sweep, asked, cancel);
            IReadOnlyList<RequestRecord> requests = [.. (await store.Reader.RequestsAsync(sweep.Id, MaxRequests, cancel))
                .Where(r => Concerns(r.Request, detail))];
            if (parsed.GetValue(json))
                context.WriteJson(TrialJson.Detail(detail, requests));
            else
                Write(context, store, run, await store.SpecAsync(sweep, cancel), detail, requests);
            return ExitCode.Done;
        });
        return command;
    }

    private static bool Concerns(OperatorRequest request, TrialDetail detail) =>
        request.SweepId is not null && (request.Trials is not { } trials || trials.Contains(detail.Summary.Trial.Id, StringComparer.Ordinal));

    /// <exception cref="UsageException">No trial's id has this prefix, or several do.</exception>
    public static async Task<TrialDetail> FindAsync(RunStore store, SweepSummary sweep, string asked, CancellationToken cancel)
    {
        try
        {
            return await store.Reader.TrialAsync(sweep.Id, asked, cancel)
                ?? throw new UsageException($"no trial with the prefix {Words.Clean(asked)}; allowed: an id that sweep trials lists");
        }
        catch (ArgumentException e)
        {
            throw new UsageException(Words.Clean(e.Message), e);
        }
    }

    private static void Write(
        CommandContext context, RunStore store, RunDirectory run, SweepSpec spec, TrialDetail detail, IReadOnlyList<RequestRecord> requests)
    {
        TrialSummary summary = detail.Summary;
        context.Out.WriteLine($"{summary.Trial.Id}: {TrialWords.Of(summary.Trial)}: {summary.State.ToString().ToLowerInvariant()}");
        if (summary.Message is not null)
            context.Out.WriteLine($"last failure: {Words.Clean(summary.Message)}");
        if (summary.Damage is { } damage)
            context.Out.WriteLine($"the stored result is damaged: {Words.Clean(damage)}; discard it with: sweep retry --completed {summary.Trial.Id}");
        if (detail.Result is { } result)
        {
            TextTable metrics = new("metric", "value", "truth level");
            foreach ((string metric, MetricValue value) in result.Metrics)
            {
                metrics.Add(metric, value.Value is null ? value.Reason ?? "–" : Words.Number(value.Value), Words.Number(value.TruthLevel));
            }

            metrics.Write(context);
            foreach (string note in result.Notes)
                context.WriteWords($"note: {Words.Clean(note)}");
        }

        TextTable attempts = new TextTable("attempt", "outcome", "took", "silo", "message").Optional("started", "charged");
        foreach (AttemptRecord attempt in detail.Attempts)
        {
            attempts.Add(
                attempt.Attempt.ToString(CultureInfo.InvariantCulture), attempt.Outcome.ToString().ToLowerInvariant(),
                attempt.Ended is { } ended ? Words.Duration(ended - attempt.Started) : "–", attempt.Silo, attempt.Message ?? string.Empty,
                attempt.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), attempt.Charged ? "yes" : "no");
        }

        attempts.Write(context);
        foreach (RequestRecord request in requests)
            context.Out.WriteLine(RequestWords.Line(request));
        var limits = new CoordinatorOptions();
        if (summary.State != TrialStatus.Completed)
        {
            context.Out.WriteLine(
                $"budget: {summary.Failures} of {limits.RetryBudget + 1} failures charged; {summary.Losses} of {limits.LostAttempts} leases lost in a row");
        }

        context.Out.WriteLine("\nthe trial alone, as a spec that sweep run takes:");
        context.Out.Write(YamlWriter.Write(TrialSpecFile.Tree(spec, summary.Trial)));
        context.Out.WriteLine();
        if (store.IsCluster)
        {
            AttemptRecord? last = detail.Attempts.LastOrDefault(a => a.Outcome == AttemptOutcome.Completed)
                ?? (detail.Attempts.Count > 0 ? detail.Attempts[^1] : null);
            if (last?.Artifacts is { } folder)
                context.Out.WriteLine($"artifacts: {Words.Clean(folder)}/{summary.Trial.Id}");
            return;
        }

        var artifacts = new TrialArtifacts(run.Artifacts, summary.Trial.Id);
        foreach (string path in new[]
        {
            artifacts.WeightsPath, artifacts.PreprocessingPath, artifacts.SamplesPath, artifacts.TrajectoryPath,
        }.Where(File.Exists))
            context.Out.WriteLine($"artifact: {Path.GetRelativePath(Environment.CurrentDirectory, path)}");
    }
}

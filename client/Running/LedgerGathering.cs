using System.Text.Json;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison.Ledger;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Client.Running;

/// <summary>
/// Reads every sweep of a store, or of a folder of runs, into a ledger: one at a time, so that it holds the results of one. What can't be read is left out,
/// with why, and the others go on.
/// </summary>
internal sealed class LedgerGathering(CommandContext context)
{
    private readonly List<LedgerEntry> _entries = [];
    private readonly List<LedgerGap> _leftOut = [];

    /// <param name="given">A run's folder, or one of runs; null for the default.</param>
    /// <exception cref="UsageException">It is neither.</exception>
    public static async Task<LedgerDocument> OfFolderAsync(CommandContext context, string? given, CancellationToken cancellationToken)
    {
        LedgerGathering ledger = new(context);
        string root = RunDirectory.Root(given);
        if (RunDirectory.Holds(given))
        {
            await ledger.AddAsync(RunDirectory.Existing(null, given), cancellationToken);
        }
        else
        {
            if (given is not null && !Directory.Exists(given))
                throw new UsageException($"--out: no such folder: {Words.Clean(given)}; allowed: a run's folder, or a folder of runs");
            foreach (RunDirectory run in RunDirectory.Below(root))
                await ledger.AddAsync(run, cancellationToken);
        }

        return ledger.Build(root);
    }

    /// <exception cref="StoreException">The store can't be reached or isn't ours.</exception>
    public static async Task<LedgerDocument> OfStoreAsync(CommandContext context, PostgresUrl url, CancellationToken cancellationToken)
    {
        LedgerGathering ledger = new(context);
        await using RunStore store = await RunStore.OpenAsync(url, context.Time, StoreOpening.Existing, cancellationToken);
        foreach (SweepSummary sweep in await store.Reader.ListAsync(cancellationToken))
            await ledger.AddAsync(store, sweep, store.Shown, SweepWords.State(sweep), cancellationToken);
        return ledger.Build(store.Shown);
    }

    private LedgerDocument Build(string of) => LedgerBuilder.Build(of, _entries, _leftOut, context.Time.GetUtcNow());

    private async Task AddAsync(RunDirectory run, CancellationToken cancellationToken)
    {
        try
        {
            // A folder that may not be looked into could be a run; another folder is none.
            if (!File.Exists(run.Database) && !Directory.EnumerateFiles(run.FullPath, Path.GetFileName(run.Database)).Any())
                return;
            await using RunStore store = RunStore.Open(run, context.Time);
            foreach (SweepSummary sweep in await store.Reader.ListAsync(cancellationToken))
                await AddAsync(store, sweep, run.Shown, SweepWords.State(sweep, run.IsAbandoned(sweep)), cancellationToken);
        }
        catch (Exception e) when (e is StoreException or IOException or UnauthorizedAccessException)
        {
            _leftOut.Add(new LedgerGap(run.Shown, e.Message));
        }
    }

    private async Task AddAsync(RunStore store, SweepSummary sweep, string where, string state, CancellationToken cancellationToken)
    {
        try
        {
            SweepSpec spec = await store.SpecAsync(sweep, cancellationToken);
            ReportInput input = await ReportInput.ReadAsync(
                store.Reader, spec, MachineDescription.Environment(), context.Time.GetUtcNow(), cancellationToken);
            _entries.Add(LedgerEntry.Of(input, await store.Statistics.CompletionTimesAsync(sweep.Id, cancellationToken), where, sweep.Submitted, state));
        }
        catch (Exception e) when (e is StoreException or JsonException or ArgumentException or InvalidDataException)
        {
            _leftOut.Add(new LedgerGap($"{where}: {sweep.Name}", e.Message));
        }
    }
}

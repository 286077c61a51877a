using System.Data.Common;
using Dapper;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Storage;

/// <summary>
/// Trials' specs as they are stored. They follow from the sweep's own spec, so one whose row has changed since it was written is made again from that.
/// </summary>
internal static class StoredTrials
{
    /// <summary>For <see cref="SweepRow"/>.</summary>
    public const string SweepQuery = "SELECT sweep AS Sweep, id AS Id, name AS Name, resolved AS Resolved, source AS Source, digest AS Digest FROM sweeps";

    public static Task<TrialSpec> ReadAsync(DbConnection connection, DbTransaction? transaction, TrialListRow row, CancellationToken cancellationToken) =>
        ReadAsync(connection, transaction, (row.Sweep, row.Ordinal, row.Id), row.Spec, row.Digest, cancellationToken);

    /// <param name="trial">Its sweep's key, its place in it and its id.</param>
    /// <param name="spec">As stored.</param>
    /// <param name="digest">As stored.</param>
    /// <exception cref="StoreException">It is damaged, and so is the sweep's own spec.</exception>
    public static async Task<TrialSpec> ReadAsync(
        DbConnection connection, DbTransaction? transaction, (long Sweep, long Ordinal, string Id) trial, string spec, byte[] digest,
        CancellationToken cancellationToken)
    {
        if (RowDigest.OfTrial(trial.Ordinal, trial.Id, spec).AsSpan().SequenceEqual(digest))
            return StoredJson.ReadTrial(spec);
        SweepRow sweep = (await connection.QueryAsync<SweepRow>(new CommandDefinition(
            $"{SweepQuery} WHERE sweep = @Sweep", new { trial.Sweep }, transaction, cancellationToken: cancellationToken))).First();
        if (!sweep.IsSound)
            throw Damaged(sweep);
        TrialSpec? again = StoredJson.ReadTrials(sweep.Resolved, sweep.Source).ElementAtOrDefault((int)trial.Ordinal);
        return again?.Id == trial.Id ? again
            : throw new StoreException($"the store is damaged: trial {trial.Id} is not number {trial.Ordinal} of its sweep") { IsLasting = true };
    }

    public static StoreException Damaged(SweepRow sweep) => new(
        $"the store is damaged: the stored spec of sweep '{sweep.Name}' is not the one that was submitted; "
        + "submit that spec again and it is repaired (sweep run SPEC, sweep launch SPEC)")
    {
        IsLasting = true,
    };

    /// <summary>What a trial fails with for good whose spec can't be had.</summary>
    public static string Unreadable(string problem) => $"its stored spec can't be read: {problem}";
}

using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>Everything a report is made from.</summary>
public sealed record ReportInput
{
    public required SweepSpec Spec { get; init; }

    /// <summary>In any order.</summary>
    public required IReadOnlyList<CompletedTrial> Completed { get; init; }

    /// <summary>Trials that failed for good, in any order; those in <see cref="Damaged"/> too.</summary>
    public IReadOnlyList<FailedTrial> Failed { get; init; } = [];

    /// <summary>Trials that completed, and whose stored result can't be used.</summary>
    public IReadOnlyList<DamagedTrial> Damaged { get; init; } = [];

    public long Cancelled { get; init; }

    /// <summary>Trials that a race didn't need.</summary>
    public long Pruned { get; init; }

    /// <summary>The looks of a race that were judged, the first one first.</summary>
    public IReadOnlyList<JudgedLook> Looks { get; init; } = [];

    /// <summary>Its devices are overwritten by those of the completed trials.</summary>
    public required ReportEnvironment Environment { get; init; }

    public required DateTimeOffset Generated { get; init; }

    /// <summary>Pictures of samples, where the data are images and the trials' artifacts are at hand.</summary>
    public IReadOnlyList<SamplesSection> Samples { get; init; } = [];

    /// <summary>Samples as points in a plane, where the data are no images and the trials' artifacts are at hand.</summary>
    public IReadOnlyList<ScatterSection> Scatters { get; init; } = [];

    /// <summary>Latent space, paths and scores of single trials, where their artifacts are at hand.</summary>
    public IReadOnlyList<FieldSection> Fields { get; init; } = [];

    /// <summary>The same without the trials by which settings were chosen: what is compared.</summary>
    public ReportInput Compared() => Spec.Tune is null ? this : this with
    {
        Completed = [.. Completed.Where(t => !Spec.IsTuning(t.Trial))],
        Failed = [.. Failed.Where(t => !Spec.IsTuning(t.Trial))],
        Damaged = [.. Damaged.Where(t => !Spec.IsTuning(t.Trial))],
    };

    /// <summary>Reads a sweep's trials from the store.</summary>
    /// <param name="reader">The store.</param>
    /// <param name="spec">The sweep.</param>
    /// <param name="environment">This machine.</param>
    /// <param name="generated">Now.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<ReportInput> ReadAsync(
        ISweepReader reader, SweepSpec spec, ReportEnvironment environment, DateTimeOffset generated, CancellationToken cancellationToken)
    {
        List<CompletedTrial> completed = [];
        List<DamagedTrial> damaged = [];
        await foreach (CompletedTrial trial in reader.CompletedAsync(spec.Id, damaged.Add, cancellationToken))
            completed.Add(trial);
        return (await ReadAsync(reader, spec, completed, environment, generated, cancellationToken)).With(damaged);
    }

    /// <summary>The same with trials whose stored result can't be used.</summary>
    public ReportInput With(IReadOnlyList<DamagedTrial> damaged) => this with
    {
        Damaged = damaged,
        Failed = [.. Failed, .. damaged.Select(d => new FailedTrial(d.Trial, "damaged", $"the stored result is damaged: {d.Problem}"))],
    };

    /// <summary>The same, with the completed trials read before.</summary>
    public static async Task<ReportInput> ReadAsync(
        ISweepReader reader,
        SweepSpec spec,
        IReadOnlyList<CompletedTrial> completed,
        ReportEnvironment environment,
        DateTimeOffset generated,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(spec);
        List<FailedTrial> failed = [];
        const int Page = 500;
        while (true)
        {
            IReadOnlyList<TrialSummary> page = await reader.TrialsAsync(spec.Id, TrialStatus.Failed, failed.Count, Page, cancellationToken);
            failed.AddRange(page.Select(t => new FailedTrial(t.Trial, "failed", t.Message ?? "no message was recorded")));
            if (page.Count < Page)
                break;
        }

        SweepSummary? summary = await reader.FindAsync(spec.Id, cancellationToken);
        return new ReportInput
        {
            Spec = spec,
            Completed = completed,
            Failed = failed,
            Cancelled = summary?.Cancelled ?? 0,
            Pruned = summary?.Pruned ?? 0,
            Looks = spec.Race is null ? [] : await reader.LooksAsync(spec.Id, cancellationToken),
            Environment = environment,
            Generated = generated,
        };
    }
}

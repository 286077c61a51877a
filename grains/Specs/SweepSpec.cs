using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A validated, resolved spec.</summary>
public sealed record SweepSpec
{
    /// <summary>The sweep's name, as written: untrusted text for whoever shows it.</summary>
    public required string Name { get; init; }

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of <see cref="Resolved"/>; paths of hashed files, expectations and limits left out.</summary>
    public required string Id { get; init; }

    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>How seeds are added look by look; null where every group gets all of them.</summary>
    public RaceSpec? Race { get; init; }

    /// <summary>Every axis, dataset, preprocessing, schedule and width first.</summary>
    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    /// <summary>Where groups are points of a sequence over the axes; null where they are all combinations.</summary>
    public SearchSpec? Search { get; init; }

    /// <summary>The settings, in the order of the expansion: of a grid all combinations of the axes' values.</summary>
    public SweepPlaces Places { get => field ?? SweepPlaces.Grid(Axes.Select(a => a.Values.Count)); init; }

    /// <summary>What is chosen before anything is compared; null where settings are as the spec has them.</summary>
    public TuneSpec? Tune { get; init; }

    /// <summary>What an estimator suggested so far; null where it hasn't, or there is none.</summary>
    public TunedSuggestions? Suggested { get; init; }

    /// <summary>What was chosen; null while it isn't.</summary>
    public TunedChoices? Tuned { get; init; }

    public required CompareSpec Compare { get; init; }

    public required double ThresholdNats { get; init; }

    /// <summary>No part of <see cref="Id"/>.</summary>
    public SweepLimits Limits { get; init; } = SweepLimits.None;

    /// <summary>What the sweep is expected to show. No part of <see cref="Id"/>: the same sweep may be expected to show something else.</summary>
    public IReadOnlyList<ExpectationSpec> Expectations { get; init; } = [];

    /// <summary>Expectations that an earlier spec of this sweep had, as the store remembers them.</summary>
    public IReadOnlyList<ExpectationSpec> Withdrawn { get; init; } = [];

    /// <summary>When the store's sweep was extended with results already there, the earliest first. No part of <see cref="Id"/>.</summary>
    public IReadOnlyList<SweepLook> Looks { get; init; } = [];

    /// <summary>The whole spec with every default filled in, canonical: what is compared, expectations left out, when a sweep resumes.</summary>
    public required JsonObject Resolved { get; init; }

    /// <summary>The spec as the user wrote it.</summary>
    public required string Source { get; init; }

    /// <summary>The metrics that the spec names: the headline, what expectations are about, those of the front, and what is tuned by.</summary>
    public IEnumerable<string> NamedMetrics() =>
        Expectations.SelectMany(e => e.NamedMetrics).Concat(Compare.Pareto).Concat(Tune is null ? [] : [Tune.Metric]).Prepend(Compare.Metric)
            .Distinct(StringComparer.Ordinal);

    /// <summary>Number of trials, seeds included, and tuning's.</summary>
    public long TrialCount => ComparedCount + TunePlan.CountOf(Tune, Places.Count);

    /// <summary>Trials of the sweep's own seeds: what is compared.</summary>
    public long ComparedCount => Places.Count * Seeds.Count;

    /// <summary>Whether a trial is one that settings are chosen by, and not one that is compared.</summary>
    public bool IsTuning(TrialSpec trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return Tune?.Seeds.Contains(trial.Seed) ?? false;
    }
}

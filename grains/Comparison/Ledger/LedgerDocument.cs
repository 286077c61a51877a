using System.Text.Json.Serialization;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Ledger;

/// <summary>
/// What the sweeps of a store, or of a folder of runs, claimed and compared, and which claims survive how often one has tried. <c>sweep ledger --json</c>, in
/// snake_case; additive changes only.
/// </summary>
public sealed record LedgerDocument
{
    public int Version { get; init; } = 1;

    /// <summary>The store, or the folder.</summary>
    public required string Of { get; init; }

    public required DateTimeOffset Generated { get; init; }

    /// <summary>The false discovery rate: of the claims that survive, the expected share of false ones is at most this.</summary>
    public double FalseDiscoveryRate { get; init; } = LedgerBuilder.Alpha;

    public string Procedure { get; init; } = LedgerBuilder.Procedure;

    /// <summary>In the order in which they were submitted.</summary>
    public required IReadOnlyList<LedgerSweep> Sweeps { get; init; }

    /// <summary>What could not be read: the ledger lacks what it claimed.</summary>
    public required IReadOnlyList<LedgerGap> LeftOut { get; init; }

    /// <summary>In the order in which they were first stated, numbered from 1.</summary>
    public required IReadOnlyList<LedgerClaim> Claims { get; init; }

    /// <summary>In the order in which they were stated, numbered from 1: the order of LOND.</summary>
    public required IReadOnlyList<LedgerTry> Tries { get; init; }
}

/// <summary>A sweep at a glance: what it compared, and what it expected.</summary>
public sealed record LedgerSweep
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    /// <summary>Its folder, or the store.</summary>
    public required string Where { get; init; }

    public required DateTimeOffset Submitted { get; init; }

    /// <summary>In a word or two: <c>done</c>, <c>running</c>, <c>interrupted</c>.</summary>
    public required string State { get; init; }

    public required long Trials { get; init; }

    public required long Completed { get; init; }

    public required long Failed { get; init; }

    /// <summary>How often its results were looked at: declared looks that were judged, or extensions with results already there and the present.</summary>
    public required int Looks { get; init; }

    public required LedgerComparisons Compared { get; init; }

    /// <summary>Claims that its spec states.</summary>
    public required int Stated { get; init; }

    /// <summary>Of them.</summary>
    public required int Supported { get; init; }

    /// <summary>Claims that an earlier spec of it stated.</summary>
    public required int Withdrawn { get; init; }
}

/// <summary>A sweep's primary family of comparisons, which Holm's adjustment is over.</summary>
/// <param name="Axis">That is compared.</param>
/// <param name="Baseline">With which each other value is.</param>
/// <param name="Metric">By which.</param>
/// <param name="Planned">The family's size.</param>
/// <param name="Called">Comparisons in which one side is called better.</param>
public sealed record LedgerComparisons(string Axis, string Baseline, string Metric, int Planned, int Called);

/// <summary>A store or a sweep that could not be read.</summary>
/// <param name="Where">Its folder, or the store and its name.</param>
/// <param name="Why">In words.</param>
public sealed record LedgerGap(string Where, string Why);

/// <summary>A claim: what is said of which settings, in whatever sweep and words.</summary>
public sealed record LedgerClaim
{
    public required int Number { get; init; }

    /// <summary>See <see cref="ClaimIdentity"/>.</summary>
    public required string Id { get; init; }

    /// <summary>In the words in which it was first stated: untrusted text for whoever shows it.</summary>
    public required string Claim { get; init; }

    /// <summary>What is judged: <c>b &lt; a in energy_distance, a standardize, b gaussianize</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>
    /// What else it says, in the words of the sweep that first stated it: axes with their values, places, the axis gone along, controls:
    /// <c>dataset ica4; width 16, 32; control preprocessing standardize</c>.
    /// </summary>
    public required string About { get; init; }

    /// <summary>Numbers of its tries.</summary>
    public required IReadOnlyList<int> Tries { get; init; }

    /// <summary>Other claims in the same words: the same sentence about other settings, or to another bound.</summary>
    public required IReadOnlyList<LedgerSameWords> SameWords { get; init; }

    /// <summary>Whether one of its tries is a discovery.</summary>
    public required bool Survives { get; init; }

    /// <summary>Whether one is at the levels that hold whatever the dependence between tries.</summary>
    public required bool SurvivesAnyDependence { get; init; }

    /// <summary>Whether the report of some sweep calls it supported.</summary>
    public required bool SupportedAlone { get; init; }
}

/// <summary>Another claim in the same words.</summary>
/// <param name="Claim">Its number.</param>
/// <param name="Settings">What its settings have that this claim's have not: <c>training.steps 2000</c>; empty where they are alike.</param>
public sealed record LedgerSameWords(int Claim, string Settings);

/// <summary>A claim judged by certain trials, once, however many sweeps judged it by them.</summary>
public sealed record LedgerTry
{
    public required int Number { get; init; }

    /// <summary>The claim's number.</summary>
    public required int Claim { get; init; }

    /// <summary>The sweep that first stated it.</summary>
    public required string Sweep { get; init; }

    public required string Where { get; init; }

    /// <summary>When it was first stated, and how many of its sweep's trials had completed by then; null where no store says.</summary>
    public required ExpectationRegistration? Stated { get; init; }

    /// <summary>As the sweep's report has it.</summary>
    public required string Verdict { get; init; }

    /// <summary>What LOND tests: the least level at which it is supported, over looks where there were several; 1 where it only counts as a try.</summary>
    public required double P { get; init; }

    /// <summary>Why <see cref="P"/> is 1 by rule, or 0; null elsewhere.</summary>
    public required string? Note { get; init; }

    /// <summary>LOND's for it.</summary>
    public required double Level { get; init; }

    public required bool IsDiscovery { get; init; }

    /// <summary>The level that holds whatever the dependence.</summary>
    public required double LevelAnyDependence { get; init; }

    public required bool IsDiscoveryAnyDependence { get; init; }

    /// <summary>Sweeps that judged the same trials again: not counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Again { get; init; }
}

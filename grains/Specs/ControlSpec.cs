using Sweep.Grains.Specs.Expectations;

namespace Sweep.Grains.Specs;

/// <summary>
/// Where a claim must fail if it says anything: the claim itself with some of it exchanged, judged at the same places. It fails when the claim's condition is
/// refuted there, or, where <see cref="ClaimMinusControl"/> is stated, when the claim's quantity less the control's, seed by seed, satisfies that.
/// </summary>
public sealed record ControlSpec
{
    /// <summary>Axis to the label (as text) of the one value that it has here, in the sweep's axis order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Where { get; init; } = [];

    /// <summary>As many as the claim has; null for the claim's.</summary>
    public IReadOnlyList<string>? Metrics { get; init; }

    /// <summary>The values of the claim's compared axis; null for the claim's.</summary>
    public string? A { get; init; }

    public string? B { get; init; }

    /// <summary>About one value; null where the claim's own condition must be refuted.</summary>
    public Condition? ClaimMinusControl { get; init; }

    /// <summary>What distinguishes it: <c>explained_score.identity@2</c>, <c>preprocessing standardize</c>.</summary>
    public string Name => string.Join(", ",
        Where.Select(w => $"{w.Key} {w.Value}").Concat(Metrics is null ? [] : [string.Join(" to ", Metrics)]).Concat(A is null ? [] : [$"{A} to {B}"]));

    /// <summary>The claim about the control: the same but for what is exchanged. It has no controls.</summary>
    public ExpectationSpec Of(ExpectationSpec claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        HashSet<string> exchanged = [.. Where.Select(w => w.Key)];
        return claim with
        {
            Claim = Name,
            Where = [.. claim.Where.Where(w => !exchanged.Contains(w.Key)),
                .. Where.Select(w => KeyValuePair.Create<string, IReadOnlyList<string>>(w.Key, [w.Value]))],
            Metrics = Metrics ?? claim.Metrics,
            A = A ?? claim.A,
            B = B ?? claim.B,
            Controls = [],
        };
    }
}

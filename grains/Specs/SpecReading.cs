using System.Diagnostics.CodeAnalysis;

namespace Sweep.Grains.Specs;

/// <summary>What reading a spec came to: a spec, or all that is wrong with it, by line.</summary>
public sealed record SpecReading
{
    private SpecReading(SweepSpec? spec, IReadOnlyList<ReadAxis> axes, IReadOnlyList<SpecError> errors)
    {
        Spec = spec;
        Axes = axes;
        Errors = errors;
    }

    public SweepSpec? Spec { get; }

    /// <summary>Empty when <see cref="Spec"/> is there, and only then.</summary>
    public IReadOnlyList<SpecError> Errors { get; }

    /// <summary>The axes with what their kinds created, data sets that were read among them; empty when there is no spec.</summary>
    internal IReadOnlyList<ReadAxis> Axes { get; }

    [MemberNotNullWhen(true, nameof(Spec))]
    public bool IsValid => Spec is not null;

    internal static SpecReading Valid(SweepSpec spec, IReadOnlyList<ReadAxis> axes) => new(spec, axes, []);

    internal static SpecReading Invalid(IReadOnlyList<SpecError> errors) => new(null, [], errors);
}

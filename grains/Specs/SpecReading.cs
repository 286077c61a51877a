using System.Diagnostics.CodeAnalysis;

namespace Sweep.Grains.Specs;

/// <summary>What reading a spec came to: a spec, or all that is wrong with it, by line.</summary>
public sealed record SpecReading
{
    private SpecReading(SweepSpec? spec, IReadOnlyList<SpecError> errors)
    {
        Spec = spec;
        Errors = errors;
    }

    public SweepSpec? Spec { get; }

    /// <summary>Empty when <see cref="Spec"/> is there, and only then.</summary>
    public IReadOnlyList<SpecError> Errors { get; }

    [MemberNotNullWhen(true, nameof(Spec))]
    public bool IsValid => Spec is not null;

    public static SpecReading Valid(SweepSpec spec) => new(spec, []);

    public static SpecReading Invalid(IReadOnlyList<SpecError> errors) => new(null, errors);
}

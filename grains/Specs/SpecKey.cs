using Sweep.Diffusion.Kinds;

namespace Sweep.Grains.Specs;

/// <summary>A key of a section: what a spec may write and what holds when it doesn't.</summary>
/// <param name="Parameter">Name, type, range and default.</param>
public sealed record SpecKey(Parameter Parameter)
{
    /// <summary>The seam whose kinds are this key's values (<c>sampler</c>); null for ordinary values.</summary>
    public string? Seam { get; init; }

    /// <summary>A key of the same section that this one may not exceed: the default is lowered to it, a written value above it is an error.</summary>
    public string? CappedBy { get; init; }

    /// <summary>What a whole number must be a multiple of.</summary>
    public int MultipleOf { get; init; } = 1;

    /// <summary>True for a key that is always an axis, under its bare name (<c>width</c>); in its section it is an axis of one value.</summary>
    public bool OwnAxis { get; init; }

    public string Name => Parameter.Name;
}

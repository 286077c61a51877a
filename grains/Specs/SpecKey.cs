using System.Text.Json.Nodes;
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

    /// <summary>
    /// True for a key that joined when trials had been stored already: at its default it is left out of resolved specs, of the section's record (whose
    /// member is nullable) and so of identities, written or not. It must have a default; that of a seam is a kind without parameters.
    /// </summary>
    public bool Joined { get; init; }

    /// <summary>
    /// What must hold for this key to mean anything; null when it always does. Trials for which it doesn't hold leave the key out. Only for a <see
    /// cref="Joined"/> key.
    /// </summary>
    public KeyCondition? OnlyWith { get; init; }

    public string Name => Parameter.Name;

    /// <summary>True for a value that is left out: the default of a key that <see cref="Joined"/>.</summary>
    internal bool LeftOut(JsonNode? value)
    {
        if (!Joined) return false;
        if (value is null) return true;
        if (Seam is null) return string.Equals(CanonicalJson.Write(value), CanonicalJson.Write(Parameter.DefaultValue), StringComparison.Ordinal);
        return value["parameters"] is JsonObject { Count: 0 } && JsonNode.DeepEquals(value["kind"], Parameter.DefaultValue);
    }
}

using System.Diagnostics.CodeAnalysis;
using Sweep.Diffusion.Kinds;

namespace Sweep.Grains.Specs;

/// <summary>A seam's kinds as the reader of specs needs them, whatever the seam's interface.</summary>
/// <param name="Seam">dataset, preprocessing, schedule or sampler.</param>
/// <param name="Kinds">In the registry's order.</param>
public sealed record KindCatalogue(string Seam, IReadOnlyList<KindEntry> Kinds)
{
    public IEnumerable<string> Names => Kinds.Select(k => k.Name);

    public static KindCatalogue Of<T>(KindRegistry<T> registry)
        where T : class =>
        new(registry.Seam, [.. registry.Kinds.Select(k => new KindEntry(k.Name, k.Summary, k.Parameters, k.Create))]);

    public bool TryGet(string name, [NotNullWhen(true)] out KindEntry? kind)
    {
        kind = Kinds.FirstOrDefault(k => string.Equals(k.Name, name, StringComparison.Ordinal));
        return kind is not null;
    }
}

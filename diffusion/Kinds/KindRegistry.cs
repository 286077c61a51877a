using System.Diagnostics.CodeAnalysis;

namespace Sweep.Diffusion.Kinds;

/// <summary>All kinds of one seam, in the order in which help and error messages list them.</summary>
/// <typeparam name="T">The seam's interface.</typeparam>
public sealed class KindRegistry<T>(string seam, params IReadOnlyList<Kind<T>> kinds)
    where T : class
{
    /// <summary>The spec section the kinds belong to: <c>dataset</c>, <c>preprocessing</c>, <c>schedule</c>, <c>grid</c>, <c>sampler</c>.</summary>
    public string Seam { get; } = seam;

    public IReadOnlyList<Kind<T>> Kinds { get; } = kinds;

    public IEnumerable<string> Names => Kinds.Select(k => k.Name);

    public bool TryGet(string name, [NotNullWhen(true)] out Kind<T>? kind)
    {
        kind = Kinds.FirstOrDefault(k => string.Equals(k.Name, name, StringComparison.Ordinal));
        return kind is not null;
    }

    /// <summary>Builds the named kind from resolved values.</summary>
    /// <exception cref="KindException">No such kind, or its values make no sense together.</exception>
    public T Create(string name, ParameterValues values) =>
        TryGet(name, out var kind)
            ? kind.Create(values)
            : throw new KindException($"unknown {Seam}: {name}; allowed: {string.Join(", ", Names)}");
}

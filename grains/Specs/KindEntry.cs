using Sweep.Diffusion.Kinds;

namespace Sweep.Grains.Specs;

/// <summary>A <see cref="Kind{T}"/> without its type.</summary>
/// <param name="Create">Throws <see cref="KindException"/> when the values make no sense together.</param>
public sealed record KindEntry(string Name, string Summary, IReadOnlyList<Parameter> Parameters, Func<ParameterValues, object> Create);
